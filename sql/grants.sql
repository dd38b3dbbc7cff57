-- Process Monitor Service: its database user, with the least privileges that suffice. Run setup.sql first.
--
-- !! BEFORE YOU RUN THIS, replace PUT_A_PASSWORD_HERE by a password of your own in single quotes, for example
-- !! 'correct-horse-7'. Until you do, the statement fails and creates no user.
-- !! The same password goes into [database] of config.ini. Undo the change afterwards, or let nobody read this file.
--
--   mysql < grants.sql
--
-- It works on MySQL 5.7 and later and on MariaDB (which shows REPLICATION CLIENT as BINLOG MONITOR since 10.5).
-- You can run it again; an existing user keeps its password.
--
-- If the service runs on another host than the database, replace 'localhost' in every line by the address of that host as
-- the database sees it, for example '192.0.2.7'. Require TLS with
--   ALTER USER 'monitor_service'@'192.0.2.7' REQUIRE SSL;
-- and set `ssl_mode = verify_identity` and `ssl_ca` in [database] of config.ini.

CREATE USER IF NOT EXISTS 'monitor_service'@'localhost' IDENTIFIED BY PUT_A_PASSWORD_HERE;

-- To read the binlog as a replica does, and to ask for its end. These two can only be granted on all databases.
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'monitor_service'@'localhost';

-- To read raised alarms and the names of the processes.
GRANT SELECT ON v_process_monitor.PROCESE TO 'monitor_service'@'localhost';
GRANT SELECT ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';

-- To clear an alarm and write a note. The service writes nothing else. With acknowledge = none in config.ini it does not
-- even write this, and you can leave the line out.
GRANT UPDATE (alarma, notes) ON v_process_monitor.STATUS_PROCESS TO 'monitor_service'@'localhost';
