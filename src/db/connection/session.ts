/**
 * The session settings that the statements of this service rely on, whatever the global settings are:
 *
 * - `sql_mode`: text too long for a column is an error and not cut; `ANSI`, `ORACLE` and the like change what text
 *   means.
 * - `autocommit`: a write is durable when it has been answered.
 * - `sql_safe_updates`, `sql_select_limit`: no statement is refused, and no result is silently cut off.
 * - `…lock_wait_timeout`, s: a write that waits for a lock gives up before our own deadline. Else it could be carried
 *   out long after we have stopped waiting, and overwrite a newer alarm.
 */
export const SESSION_SETTINGS =
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, sql_safe_updates = 0, " +
  'sql_select_limit = 18446744073709551615, innodb_lock_wait_timeout = 5, lock_wait_timeout = 5';

/** And this one, for which the servers have no variable of one name: `transaction_read_only` would refuse every write. */
export const SESSION_ACCESS_MODE = 'SET SESSION TRANSACTION READ WRITE';
