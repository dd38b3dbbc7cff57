-- Process Monitor Service: the heartbeat by which a host knows that its relay is as new as the primary (docs/fleet.md). Run
-- setup.sql first, and this on the primary, before or after the relays are made; they take it over.
--
--   mysql < fleet-heartbeat.sql
--
-- You can run it again. It works on MySQL 5.7 and later and on MariaDB. The account of the service needs SELECT on the table
-- (sql/primary-grants.sql and sql/relay-grants.sql).
--
-- !! A server that is promoted has the event disabled. Each switchover ends with these two statements on the new primary:
-- !!   ALTER EVENT v_process_monitor.fleet_heartbeat ENABLE;
-- !!   SET GLOBAL event_scheduler = ON;
-- !! Put event_scheduler = ON into the configuration of every server that may become the primary. MariaDB has it off.

USE v_process_monitor;

CREATE TABLE IF NOT EXISTS FLEET_HEARTBEAT (
    id TINYINT PRIMARY KEY,
    beat BIGINT NOT NULL
);

-- An INSERT that is ignored would be a warning, and in some servers a statement in the binlog.
INSERT INTO FLEET_HEARTBEAT (id, beat)
    SELECT 1, 0 FROM (SELECT COUNT(*) AS present FROM FLEET_HEARTBEAT WHERE id = 1) AS counted
    WHERE present = 0;

CREATE EVENT IF NOT EXISTS fleet_heartbeat
    ON SCHEDULE EVERY 1 SECOND
    DO UPDATE FLEET_HEARTBEAT SET beat = beat + 1 WHERE id = 1;

ALTER EVENT fleet_heartbeat ENABLE;

SET GLOBAL event_scheduler = ON;
