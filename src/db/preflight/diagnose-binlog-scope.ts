import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';
import { isOn, type ServerSettings } from '../connection/server-settings.js';
import type { Diagnosis } from './diagnosis.js';

const ACCESS_DENIED = 1227;
const PARSE_ERROR = 1064;

/** Whether changes of our tables get into this server's binlog at all. Tells nothing where the user may not ask. */
export async function diagnoseBinlogScope(
  connection: Connection,
  database: string,
  settings: ServerSettings,
): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const [status] = await firstThatWorks(connection, ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS']);
  const filter = status && filterAgainst(database, status);
  if (filter !== undefined) {
    found.push({
      severity: 'fatal-for-stream',
      message: `the server keeps changes of ${database} out of its binlog (${filter})`,
      remedy: `take ${filter} out of the server's configuration, and restart it`,
    });
  }
  if (!isOn(settings, 'log_slave_updates') && (await isReplica(connection, settings))) {
    found.push({
      severity: 'warning',
      message:
        'the server is a replica and writes to its binlog only what is changed on itself (log_slave_updates)',
      remedy: 'point [database] at the primary, or set log_slave_updates = ON there and restart it',
    });
  }
  return found;
}

type Row = Readonly<Record<string, string | number | null>>;

/** The statements have other names in other versions. */
async function firstThatWorks(
  connection: Connection,
  statements: readonly string[],
): Promise<readonly Row[]> {
  for (const statement of statements) {
    try {
      return await query<Row>(connection, statement, []);
    } catch (error) {
      const failure = toDatabaseError(error);
      if (failure.errno === ACCESS_DENIED) return [];
      if (failure.errno !== PARSE_ERROR) throw failure;
    }
  }
  return [];
}

/** The option that filters the database out; a list of what is logged makes the server ignore the other list. */
function filterAgainst(database: string, status: Row): string | undefined {
  const list = (column: string): string[] =>
    String(status[column] ?? '')
      .split(',')
      .filter((name) => name !== '');
  const logged = list('Binlog_Do_DB');
  if (logged.length > 0) return logged.includes(database) ? undefined : `binlog_do_db = ${logged.join(',')}`;
  return list('Binlog_Ignore_DB').includes(database) ? `binlog_ignore_db = ${database}` : undefined;
}

async function isReplica(connection: Connection, { flavour }: ServerSettings): Promise<boolean> {
  if (flavour === 'mysql') {
    return (await firstThatWorks(connection, ['SHOW REPLICA STATUS', 'SHOW SLAVE STATUS'])).length > 0;
  }
  // MariaDB wants a further privilege for the statement, but none for its counter.
  const [running] = await query<Row>(connection, "SHOW GLOBAL STATUS LIKE 'Slaves_running'", []);
  return Number(running?.Value ?? 0) > 0;
}
