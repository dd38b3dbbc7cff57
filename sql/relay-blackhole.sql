-- Process Monitor Service: makes the tables of a relay on MySQL into BLACKHOLE tables (docs/fleet.md). They keep no rows; the
-- binlog of the relay still has each change. MariaDB needs it not.
--
-- Run it on the relay before its replication starts, when it has the tables, with or without rows:
--
--   mysql < relay-blackhole.sql
--
-- You can run it again. It leaves no trace in the binlog of the relay.

SET SESSION sql_log_bin = 0;
SET SESSION foreign_key_checks = 0;

USE v_process_monitor;

-- A table with a foreign key cannot be BLACKHOLE.
SET @drop_key = (
    SELECT COALESCE(MAX(CONCAT('ALTER TABLE STATUS_PROCESS DROP FOREIGN KEY `', CONSTRAINT_NAME, '`')), 'DO 0')
    FROM information_schema.TABLE_CONSTRAINTS
    WHERE TABLE_SCHEMA = DATABASE()
      AND TABLE_NAME = 'STATUS_PROCESS'
      AND CONSTRAINT_TYPE = 'FOREIGN KEY'
);
PREPARE drop_key FROM @drop_key;
EXECUTE drop_key;
DEALLOCATE PREPARE drop_key;

ALTER TABLE STATUS_PROCESS ENGINE = BLACKHOLE;
ALTER TABLE PROCESE ENGINE = BLACKHOLE;
ALTER TABLE FLEET_HEARTBEAT ENGINE = BLACKHOLE;
