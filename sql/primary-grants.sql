-- Process Monitor Service: its account on the primary, where the hosts read the binlog from relays (docs/fleet.md). Run this
-- in place of grants.sql, after setup.sql and fleet-heartbeat.sql. On each relay run relay-grants.sql.
--
-- The account has no REPLICATION SLAVE here: with that, every host could read the rows of all tables of the server.
--
-- !! BEFORE YOU RUN THIS, replace PUT_A_PASSWORD_HERE by a password of your own in single quotes, the same as in
-- !! relay-grants.sql, and 'localhost' in every line by the addresses of your hosts as the database sees them, for example
-- !! '192.0.2.%'.
--
--   mysql < primary-grants.sql
--
-- It works on MySQL 5.7 and later and on MariaDB. You can run it again; an existing user keeps its password.

CREATE USER IF NOT EXISTS 'monitor_service'@'localhost' IDENTIFIED BY PUT_A_PASSWORD_HERE;

-- To read raised alarms, the names of the processes, and the heartbeat.
GRANT SELECT ON v_process_monitor.PROCESE TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.FLEET_HEARTBEAT TO 'monitor_service'@'localhost';

-- To clear an alarm and write a note. The service writes nothing else.
GRANT UPDATE (alarma, notes) ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';
