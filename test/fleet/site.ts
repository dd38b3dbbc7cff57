import type { PrivateServer } from '../support/private-server.js';
import type { AlarmDatabase } from '../support/service/alarm-database.js';

/** The servers on which the rows are at present: two servers with relays, or a Galera cluster. */
export interface Site {
  readonly database: AlarmDatabase;
  /** The server on which alarms are raised now. */
  readonly primary: PrivateServer;
  /** Which servers may serve the streams. */
  readonly sources: readonly PrivateServer[];
  /** Runs statements as root on a connection of their own. */
  on(server: PrivateServer, sql: string): Promise<Record<string, unknown>[]>;
  /** Runs a statement on the primary as a tool that raises alarms: unlike root it may not write where that is read-only. */
  asTool(sql: string): Promise<void>;
  stop(): Promise<void>;
}

const TOOL = { user: 'tool', password: 'tool' };

export async function createTool({ primary, database, on }: Omit<Site, 'asTool' | 'stop'>): Promise<void> {
  await on(
    primary,
    `CREATE USER ${TOOL.user}@localhost IDENTIFIED BY '${TOOL.password}';
    GRANT SELECT, UPDATE ON ${database.name}.* TO ${TOOL.user}@localhost`,
  );
}

export async function runAsTool(server: PrivateServer, sql: string): Promise<void> {
  const connection = await server.connect(TOOL);
  await connection.query(sql).finally(() => connection.end());
}

export async function runAsRoot(server: PrivateServer, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await server.connect({ multipleStatements: true });
  try {
    return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}
