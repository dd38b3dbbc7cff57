-- Process Monitor Service: its account on a relay, and the event of the heartbeat, disabled (docs/fleet.md). Run it on each
-- relay, when that has the three tables and before its replication starts.
--
-- The binlog of a relay has the rows of these tables only, so REPLICATION SLAVE shows nothing else there.
--
-- !! BEFORE YOU RUN THIS, replace PUT_A_PASSWORD_HERE by the password of primary-grants.sql, and 'localhost' in every line by
-- !! the addresses of your hosts as the relay sees them, for example '192.0.2.%'.
--
--   mysql < relay-grants.sql
--
-- It works on MySQL 5.7 and later and on MariaDB, as a user who may write while the server is read-only, such as root. You
-- can run it again; an existing user keeps its password. It leaves no trace in the binlog of the relay, which otherwise would
-- have changes of its own.

SET SESSION sql_log_bin = 0;

CREATE USER IF NOT EXISTS 'monitor_service'@'localhost' IDENTIFIED BY PUT_A_PASSWORD_HERE;

-- To read the binlog as a replica does, and to ask for its end. These two can only be granted on all databases.
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'monitor_service'@'localhost';

-- To know the columns of the rows in the binlog. The tables themselves are not read here.
GRANT SELECT ON v_process_monitor.PROCESE TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.FLEET_HEARTBEAT TO 'monitor_service'@'localhost';

-- A dump has no events. ALTER EVENT on the primary comes through replication, which would stop here at error 1539. The relay
-- itself must not count.
CREATE EVENT IF NOT EXISTS v_process_monitor.fleet_heartbeat
    ON SCHEDULE EVERY 1 SECOND
    DISABLE
    DO DO 0;
