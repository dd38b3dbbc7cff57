-- Process Monitor Service: several hosts share the tables. Run setup.sql first.
--
--   mysql < fleet.sql
--
-- You can run it again, also on tables with rows: it adds what is missing, and never drops or changes data. It works on
-- MySQL 5.7 and later and on MariaDB.
--
-- Then say which rows are of which host, for example
--
--   UPDATE STATUS_PROCESS SET host_id = 'web01' WHERE process_id IN (1, 2, 3);
--
-- and set `host_id = auto` in [monitor] of config.ini on each host: that is what `hostname` prints there. A service without
-- host_id restarts nothing once the column is there, and `monitor_service check` says so: plan for the time between.

USE v_process_monitor;

-- Only MariaDB has ADD COLUMN IF NOT EXISTS, so the statements are built here and only if they are needed.
SET @add_column = (
    SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE STATUS_PROCESS ADD COLUMN host_id VARCHAR(64)')
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE()
      AND TABLE_NAME = 'STATUS_PROCESS'
      AND COLUMN_NAME = 'host_id'
);
PREPARE add_column FROM @add_column;
EXECUTE add_column;
DEALLOCATE PREPARE add_column;

-- With this index, each host finds its own raised alarms without reading those of the others.
SET @add_index = (
    SELECT IF(COUNT(*) > 0, 'DO 0', 'CREATE INDEX host_alarma ON STATUS_PROCESS (host_id, alarma)')
    FROM information_schema.STATISTICS AS host
    JOIN information_schema.STATISTICS AS alarma
      USING (TABLE_SCHEMA, TABLE_NAME, INDEX_NAME)
    WHERE host.TABLE_SCHEMA = DATABASE()
      AND host.TABLE_NAME = 'STATUS_PROCESS'
      AND host.COLUMN_NAME = 'host_id' AND host.SEQ_IN_INDEX = 1
      AND alarma.COLUMN_NAME = 'alarma' AND alarma.SEQ_IN_INDEX = 2
);
PREPARE add_index FROM @add_index;
EXECUTE add_index;
DEALLOCATE PREPARE add_index;
