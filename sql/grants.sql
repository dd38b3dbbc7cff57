-- Process Monitor Service: its database user, with the least that suffices. Run setup.sql first.
--
-- !! BEFORE YOU RUN THIS, replace PUT_A_PASSWORD_HERE by a password of your own, in single quotes, for example
-- !! 'correct-horse-7'. As long as it stands there the statement is refused, and no user is made.
-- !! The same password goes into [database] of config.ini. Keep this file from other eyes, or undo the change after.
--
--   mysql < grants.sql
--
-- The same for MySQL 5.7 and later and for MariaDB (which since 10.5 shows REPLICATION CLIENT as BINLOG MONITOR).
-- Safe to run again; an existing user keeps its password.
--
-- The service on another host than the database: replace 'localhost' in every line by the address that it comes from,
-- as the database sees it, for example '192.0.2.7', and demand TLS with
--   ALTER USER 'monitor_service'@'192.0.2.7' REQUIRE SSL;
-- together with `ssl_mode = verify_identity` and `ssl_ca` in [database] of config.ini.

CREATE USER IF NOT EXISTS 'monitor_service'@'localhost' IDENTIFIED BY PUT_A_PASSWORD_HERE;

-- Reading the binlog as a replica does, and asking for its present end. These two exist for all databases only.
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'monitor_service'@'localhost';

-- Looking for standing alarms and for the names of the processes.
GRANT SELECT ON v_process_monitor.PROCESE TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';

-- Clearing an alarm, and noting why. Nothing else is ever written; with acknowledge = none in config.ini not even this
-- is, and the line can be left out.
GRANT UPDATE (alarma, notes) ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';
