-- Process Monitor Service: a few sample processes, none of them in alarm.
--
--   mysql < sample_data.sql
--
-- You can run it again: an existing process_id stays as it is.
-- Raise an alarm:  UPDATE v_process_monitor.STATUS_PROCESS SET alarma = 1 WHERE process_id = 1;

USE v_process_monitor;

-- The name of the systemd unit or of the program. If it is another name, set `system_name` in config.ini.
INSERT INTO PROCESE (process_id, process_name) VALUES
    (1, 'apache2'),
    (2, 'httpd'),
    (3, 'mysqld'),
    (4, 'sshd'),
    (5, 'crond'),
    (6, 'postfix')
ON DUPLICATE KEY UPDATE process_id = PROCESE.process_id;

INSERT INTO STATUS_PROCESS (process_id, alarma, sound, notes) VALUES
    (1, 0, 0, 'web server, Debian and Ubuntu'),
    (2, 0, 0, 'web server, Red Hat'),
    (3, 0, 0, 'database server'),
    (4, 0, 0, 'remote access'),
    (5, 0, 0, 'scheduled jobs'),
    (6, 0, 0, NULL)
ON DUPLICATE KEY UPDATE process_id = STATUS_PROCESS.process_id;
