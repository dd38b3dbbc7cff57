import type { Connection } from 'mysql2/promise';
import { runSqlFile, type SqlFile } from '../database/sql-file.js';
import type { PrivateServer } from '../private-server.js';

const PASSWORD = 'zebra-Horse_7-staple';
let made = 0;

interface StatusRow {
  readonly alarma: number;
  readonly sound: number;
  readonly notes: string | null;
}

/** A database of one test with an account of its own, made by the project's SQL files. */
export interface AlarmDatabase {
  readonly name: string;
  readonly user: string;
  /** As a GRANT names it. */
  readonly account: string;
  readonly password: string;
  /** For `[database]` of the configuration. */
  readonly section: Readonly<Record<string, string | number>>;
  /** Runs statements as root, on a connection of their own. */
  query(sql: string, values?: readonly unknown[]): Promise<unknown>;
  /** Lends a connection of root, for transactions. */
  session<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Runs one of the project's SQL files for this database on a server, such as a relay. */
  runFile(on: PrivateServer, file: SqlFile): Promise<void>;
  /** Adds processes 1, 2, … with these names, none in alarm. */
  addProcesses(...names: readonly string[]): Promise<void>;
  /** Takes the alarm of this process from 0 to 1; by its process_id or its name. */
  raise(process: number | string): Promise<void>;
  /** Takes it back, as another tool does. */
  lower(process: number | string): Promise<void>;
  row(process: number | string): Promise<StatusRow>;
  drop(): Promise<void>;
}

export interface AlarmDatabaseOptions {
  /** The two tables of another layout, in place of sql/setup.sql. */
  readonly tables?: string;
  /** Runs as the user of sql/grants.sql unless this is false: then the user has no privilege. */
  readonly grants?: boolean;
  /** The heartbeat is there, and the user is that of sql/primary-grants.sql. */
  readonly hasRelays?: boolean;
}

export async function createAlarmDatabase(
  server: PrivateServer,
  { tables, grants = true, hasRelays = false }: AlarmDatabaseOptions = {},
): Promise<AlarmDatabase> {
  made += 1;
  const name = `alarms_${made}`;
  const user = `watcher_${made}`;
  const account = `'${user}'@'localhost'`;
  const named = (sql: string): string =>
    sql.replaceAll('v_process_monitor', name).replaceAll("'monitor_service'@", `'${user}'@`);

  const session = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await server.connect({ database: name, multipleStatements: true });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  const query = (sql: string, values: readonly unknown[] = []): Promise<unknown> =>
    session(async (connection) => (await connection.query(sql, [...values]))[0]);

  if (tables === undefined) await runSqlFile(server, 'setup.sql', named);
  else {
    const root = await server.connect({ multipleStatements: true });
    await root.query(`CREATE DATABASE ${name}; USE ${name}; ${tables}`);
    await root.end();
  }
  if (hasRelays) await runSqlFile(server, 'fleet-heartbeat.sql', named);
  const withPassword = (sql: string): string =>
    named(sql).replace(/BY PUT_A_PASSWORD_HERE/, `BY '${PASSWORD}'`);
  if (grants) await runSqlFile(server, hasRelays ? 'primary-grants.sql' : 'grants.sql', withPassword);
  else await query(`CREATE USER ${account} IDENTIFIED BY '${PASSWORD}'`);

  // Not within the statement: what the binlog shows of it must be the same.
  const idOf = async (process: number | string): Promise<number> => {
    if (typeof process === 'number') return process;
    const rows = await query('SELECT process_id AS id FROM PROCESE WHERE process_name = ?', [process]);
    const [row] = rows as { id: number }[];
    if (!row) throw new Error(`PROCESE has no process ${process}`);
    return row.id;
  };

  return {
    name,
    user,
    account,
    password: PASSWORD,
    section: { host: server.host, port: server.port, user, password: PASSWORD, database: name },
    query,
    session,
    runFile: (on, file) => runSqlFile(on, file, withPassword),
    async addProcesses(...names) {
      // In some layouts the foreign key points the other way.
      await query(
        `SET SESSION foreign_key_checks = 0;
        INSERT INTO PROCESE (process_id, process_name) VALUES ?; INSERT INTO STATUS_PROCESS (process_id) VALUES ?`,
        [names.map((processName, index) => [index + 1, processName]), names.map((_, index) => [index + 1])],
      );
    },
    async raise(process) {
      await query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [await idOf(process)]);
    },
    async lower(process) {
      await query('UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ?', [await idOf(process)]);
    },
    async row(process) {
      const processId = await idOf(process);
      const rows = await query('SELECT alarma, sound, notes FROM STATUS_PROCESS WHERE process_id = ?', [
        processId,
      ]);
      const [row] = rows as StatusRow[];
      if (!row) throw new Error(`STATUS_PROCESS has no row ${processId}`);
      return row;
    },
    async drop() {
      await query(`DROP USER ${account}; DROP DATABASE ${name}`);
    },
  };
}
