import type { Connection } from 'mysql2/promise';
import { query } from '../connection/query.js';
import { isOn, type ServerSettings } from '../connection/server-settings.js';
import type { Diagnosis } from './diagnosis.js';
import { queryFirstKnown, type Row } from './query-first-known.js';

/** Whether changes of our tables get into this server's binlog at all. Returns nothing if the user may not ask. */
export async function diagnoseBinlogScope(
  connection: Connection,
  database: string,
  settings: ServerSettings,
  isRelay: boolean,
): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const [status] =
    (await queryFirstKnown(connection, ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS'])) ?? [];
  const filter = status && filterAgainst(database, status);
  if (filter !== undefined) {
    found.push({
      severity: 'fatal-for-stream',
      message: `the server does not write changes of ${database} to its binlog (${filter})`,
      remedy: `remove ${filter} from the server's configuration, and restart the server`,
    });
  }
  if (!isOn(settings, 'log_slave_updates') && (isRelay || (await isReplica(connection, settings)))) {
    found.push({
      severity: isRelay ? 'fatal-for-stream' : 'warning',
      message:
        'the server is a replica and does not write replicated changes to its binlog (log_slave_updates = OFF)',
      remedy: isRelay
        ? 'put log_slave_updates = ON into its configuration, and restart it'
        : 'point [database] at the primary, or set log_slave_updates = ON there and restart it',
    });
  }
  return found;
}

/**
 * The option that filters the database out. If there is a list of databases to log, the server ignores the other list.
 */
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
    const rows = await queryFirstKnown(connection, ['SHOW REPLICA STATUS', 'SHOW SLAVE STATUS']);
    return rows !== undefined && rows.length > 0;
  }
  // MariaDB requires a further privilege for the statement, but none for its counter.
  const [running] = await query<Row>(connection, "SHOW GLOBAL STATUS LIKE 'Slaves_running'", []);
  return Number(running?.Value ?? 0) > 0;
}
