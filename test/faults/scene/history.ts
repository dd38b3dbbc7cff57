import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { MEMBERS } from './members.js';

/** One change of a row of STATUS_PROCESS as the server itself recorded it, in the transaction that made it. */
export interface Change {
  readonly processId: number;
  /** Counts the changes of one row. Its lock makes this the order in which they were committed. */
  readonly place: number;
  /** When the statement was carried out, or had begun, ms since the epoch. */
  readonly at: number;
  readonly what: 'insert' | 'update' | 'delete' | 'gone';
  /** `alarma` before and after; null where there was no row. */
  readonly was: number | null;
  readonly is: number | null;
  readonly notes: string | null;
  /** The transaction of the lab that made it; null: the service did. */
  readonly commit: string | null;
}

interface HistoryOptions {
  /** Whether the triggers may use what a statement in the binlog cannot repeat; else MIXED would log rows. */
  readonly showsRows: boolean;
}

/**
 * Lets the server record every change of STATUS_PROCESS. Counters take the place of AUTO_INCREMENT, and a variable of
 * the session that of USER(): those would turn the statements of a MIXED binlog into rows.
 */
export async function installHistory(database: AlarmDatabase, options: HistoryOptions): Promise<void> {
  await database.query(`CREATE TABLE COUNTERS (process_id INT PRIMARY KEY, n INT NOT NULL);
    CREATE TABLE HISTORY (
      process_id INT, n INT, at DECIMAL(20,3) NOT NULL, what VARCHAR(6) NOT NULL, was TINYINT, is_now TINYINT,
      notes VARCHAR(255), commit_id VARCHAR(40), PRIMARY KEY (process_id, n)
    );
    CREATE TABLE READINGS (process_id INT NOT NULL, celsius INT NOT NULL)`);
  await database.query('INSERT INTO COUNTERS VALUES ?', [MEMBERS.map(({ id }) => [id, 0])]);
  await database.session((connection) => createTriggers(connection, 'STATUS_PROCESS', options));
}

/** Gives a table that is to become STATUS_PROCESS its triggers. */
export async function createTriggers(
  connection: Connection,
  table: string,
  { showsRows }: HistoryOptions,
): Promise<void> {
  const clock = showsRows ? 'SYSDATE(6)' : 'NOW(6)';
  const record = (what: string, row: 'NEW' | 'OLD', was: string, is: string) => `BEGIN
    UPDATE COUNTERS SET n = n + 1 WHERE process_id = ${row}.process_id;
    INSERT INTO HISTORY SELECT process_id, n, UNIX_TIMESTAMP(${clock}) * 1000, '${what}', ${was}, ${is},
      ${row}.notes, @commit_id FROM COUNTERS WHERE process_id = ${row}.process_id;
  END`;
  const create = (what: string, body: string) =>
    connection.query(
      `CREATE TRIGGER ${table.toLowerCase()}_${what} AFTER ${what} ON ${table} FOR EACH ROW ${body}`,
    );
  await create('insert', record('insert', 'NEW', 'NULL', 'NEW.alarma'));
  await create('update', record('update', 'NEW', 'OLD.alarma', 'NEW.alarma'));
  await create('delete', record('delete', 'OLD', 'OLD.alarma', 'NULL'));
}

/** Records what fires no trigger: the whole table has been emptied or dropped. Nobody may change it meanwhile. */
export async function recordGone(connection: Connection): Promise<void> {
  await connection.query('UPDATE COUNTERS SET n = n + 1');
  await connection.query(
    `INSERT INTO HISTORY SELECT process_id, n, UNIX_TIMESTAMP(NOW(6)) * 1000, 'gone', NULL, NULL, NULL, @commit_id
      FROM COUNTERS`,
  );
}

export async function readHistory(database: AlarmDatabase): Promise<readonly Change[]> {
  return database.session(async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM HISTORY ORDER BY process_id, n');
    return rows.map((row) => ({
      processId: Number(row.process_id),
      place: Number(row.n),
      at: Number(row.at),
      what: row.what,
      was: row.was,
      is: row.is_now,
      notes: row.notes,
      commit: row.commit_id,
    }));
  });
}
