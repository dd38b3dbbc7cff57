-- Process Monitor Service: the database and its two tables.
--
--   mysql < setup.sql
--
-- Safe to run again, and on tables made by an older version: it adds what is missing, and never drops or changes data.
-- For MySQL 5.7 and later, and MariaDB. Next: grants.sql.

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

-- An index that begins with alarma: reading the standing alarms then costs the same however long the table is.
-- Only MariaDB knows CREATE INDEX IF NOT EXISTS, so the statement is made here, where it is needed.
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
