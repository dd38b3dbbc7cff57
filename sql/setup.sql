-- Process Monitor Service: the database and its two tables.
--
--   mysql < setup.sql
--
-- You can run it again, also on tables of an older version: it adds what is missing, and never drops or changes data.
-- It works on MySQL 5.7 and later and on MariaDB. Next: grants.sql.

CREATE DATABASE IF NOT EXISTS v_process_monitor CHARACTER SET utf8mb4;

USE v_process_monitor;

CREATE TABLE IF NOT EXISTS PROCESE (
    process_id INT PRIMARY KEY,
    process_name VARCHAR(100) NOT NULL
);

CREATE TABLE IF NOT EXISTS STATUS_PROCESS (
    process_id INT PRIMARY KEY,
    alarma TINYINT NOT NULL DEFAULT 0,
    sound TINYINT NOT NULL DEFAULT 0,
    notes VARCHAR(100),
    FOREIGN KEY (process_id) REFERENCES PROCESE(process_id)
);

-- With an index that begins with alarma, reading the raised alarms takes the same time in a long table as in a short one.
-- Only MariaDB has CREATE INDEX IF NOT EXISTS, so the statement is built here and only if it is needed.
SET @add_index = (
    SELECT IF(COUNT(*) > 0, 'DO 0', 'CREATE INDEX alarma ON STATUS_PROCESS (alarma)')
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE()
      AND TABLE_NAME = 'STATUS_PROCESS'
      AND COLUMN_NAME = 'alarma'
      AND SEQ_IN_INDEX = 1
);
PREPARE add_index FROM @add_index;
EXECUTE add_index;
DEALLOCATE PREPARE add_index;
