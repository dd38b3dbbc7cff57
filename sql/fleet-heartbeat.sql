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
    beat BIGINT NOT NULL,
    server_id BIGINT NOT NULL
);

-- An INSERT that is ignored would be a warning, and in some servers a statement in the binlog.
INSERT INTO FLEET_HEARTBEAT (id, beat, server_id)
    SELECT 1, 0, @@global.server_id FROM (SELECT COUNT(*) AS present FROM FLEET_HEARTBEAT WHERE id = 1) AS counted
    WHERE present = 0;

-- In two steps, so that an event that is there gets this body too.
CREATE EVENT IF NOT EXISTS fleet_heartbeat
    ON SCHEDULE EVERY 1 SECOND
    DISABLE
    DO DO 0;

-- Says which server counts: a relay that still follows the old primary shows other beats than the new one has. A server that
-- has become read-only stops counting, also where the event runs as a user who may write nevertheless. As text, because some
-- versions say OFF.
ALTER EVENT fleet_heartbeat
    ENABLE
    DO UPDATE FLEET_HEARTBEAT SET beat = beat + 1, server_id = @@global.server_id
       WHERE id = 1 AND CAST(@@global.read_only AS CHAR) IN ('0', 'OFF');

SET GLOBAL event_scheduler = ON;
