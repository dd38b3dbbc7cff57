import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from './database-error.js';
import type { Diagnosis } from './diagnosis.js';
import { query } from './query.js';
import { quoteAccount, readServerSettings, type ServerSettings } from './server-settings.js';

/** What the service does with the tables. EXPLAIN wants the same privileges, but changes and logs nothing. */
const USES = [
  { table: 'PROCESE', statement: 'SELECT process_id, process_name FROM PROCESE', privilege: 'SELECT' },
  {
    table: 'STATUS_PROCESS',
    statement: 'SELECT process_id, alarma, notes FROM STATUS_PROCESS',
    privilege: 'SELECT',
  },
  {
    table: 'STATUS_PROCESS',
    statement: 'UPDATE STATUS_PROCESS SET alarma = 0, notes = NULL WHERE process_id = 0 AND alarma = 1',
    privilege: 'UPDATE (alarma, notes)',
  },
] as const;

const GRANT_CURES = new Set([1142, 1143]);

/**
 * Whether the service can read and clear alarms in this database, which the connection must be in.
 *
 * @throws DatabaseError where the server fails in another way than by refusing.
 */
export async function diagnoseTables(
  connection: Connection,
  database: string,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  try {
    const settings = await readServerSettings(connection);
    for (const use of USES) found.push(...(await diagnoseUse(connection, settings, database, use)));
    if (found.length === 0) found.push(...(await diagnoseIndex(connection)));
  } catch (error) {
    throw toDatabaseError(error);
  }
  return found;
}

async function diagnoseUse(
  connection: Connection,
  settings: ServerSettings,
  database: string,
  { table, statement, privilege }: (typeof USES)[number],
): Promise<Diagnosis[]> {
  try {
    await query(connection, `EXPLAIN ${statement}`, []);
    return [];
  } catch (error) {
    const failure = toDatabaseError(error);
    if (failure.retryable) throw failure;
    const grant = `GRANT ${privilege} ON ${quoteName(database)}.${table} TO ${quoteAccount(settings.account)};`;
    return [
      {
        severity: 'fatal',
        message: failure.message,
        remedy: GRANT_CURES.has(failure.errno ?? 0) ? grant : (failure.remedy ?? 'run sql/setup.sql'),
      },
    ];
  }
}

async function diagnoseIndex(connection: Connection): Promise<Diagnosis[]> {
  const indexes = await query<{ Column_name: string; Seq_in_index: number }>(
    connection,
    'SHOW INDEX FROM STATUS_PROCESS',
    [],
  );
  const leads = indexes.some((index) => index.Column_name === 'alarma' && Number(index.Seq_in_index) === 1);
  if (leads) return [];
  return [
    {
      severity: 'warning',
      message: 'STATUS_PROCESS has no index on alarma: each poll reads the whole table',
      remedy: 'run sql/setup.sql, or CREATE INDEX alarma ON STATUS_PROCESS (alarma);',
    },
  ];
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
