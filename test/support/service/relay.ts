import { type PrivateServer, startPrivateServer } from '../private-server.js';
import { waitFor } from '../restart/wait-for.js';
import type { Flavour } from '../server-programs.js';
import type { AlarmDatabase } from './alarm-database.js';

/** A filtering replica of a private server, which takes over the databases of tests alone. */
export interface Relay {
  readonly server: PrivateServer;
  /** Runs statements as root on a connection of their own. */
  run(sql: string): Promise<unknown>;
  /** It goes on receiving, and shows nothing. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Takes from another primary from now on. */
  follow(primary: PrivateServer): Promise<void>;
  stop(): Promise<void>;
}

const COPY = 'copy_for_relays';

/** Makes the account by which relays replicate. */
export async function allowRelays(primary: PrivateServer): Promise<void> {
  const root = await primary.connect({ multipleStatements: true });
  await root.query(
    `CREATE USER ${COPY}@localhost IDENTIFIED BY 'copy'; GRANT REPLICATION SLAVE ON *.* TO ${COPY}@localhost`,
  );
  await root.end();
}

/** Makes the account of the service on a relay, as soon as that has the tables. */
export async function grantOnRelay({ run, server }: Relay, database: AlarmDatabase): Promise<void> {
  await waitFor('the tables on the relay', async () => {
    const found = (await run(
      `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database.name}'`,
    )) as unknown[];
    return found.length === 3;
  });
  await database.runFile(server, 'relay-grants.sql');
}

interface RelayRecipe {
  readonly extraArgs: readonly string[];
  /** Runs when the position is noted, before the replication starts. */
  readonly prepare: (server: PrivateServer) => Promise<void>;
  /** On MySQL: it asks for what it lacks by GTIDs, and not by a place in a file. */
  readonly hasGtids?: boolean;
}

/** Starts a relay that takes over what the primary writes from now on. */
export async function startRelay(primary: PrivateServer, id: number, recipe?: RelayRecipe): Promise<Relay> {
  const { flavour } = primary;
  const extraArgs = recipe?.extraArgs ?? relayArguments(flavour, id);
  const server = await startPrivateServer({ flavour, extraArgs });
  const run = async (sql: string): Promise<unknown> => {
    const connection = await server.connect({ multipleStatements: true });
    try {
      return (await connection.query(sql))[0];
    } finally {
      await connection.end();
    }
  };
  const say = STATEMENTS[recipe?.hasGtids ? 'mysqlWithGtids' : flavour];
  const root = await primary.connect();
  const [rows] = await root.query(say.position);
  await root.end();
  const [position] = rows as Record<string, unknown>[];
  await run(say.begin(primary.port, position ?? {}));
  await recipe?.prepare(server);
  await run(say.start);
  return {
    server,
    run,
    hold: async () => void (await run(say.hold)),
    release: async () => void (await run(say.release)),
    follow: async (next) => void (await run(`${say.stop}; ${say.turn(next.port)}; ${say.start}`)),
    stop: () => server.stop(),
  };
}

export function relayArguments(flavour: Flavour, id: number): string[] {
  return [
    `--server-id=${id}`,
    '--log-slave-updates',
    '--read-only',
    String.raw`--replicate-wild-do-table=alarms\_%.%`,
    // One that was killed may be sent again what it has.
    ...(flavour === 'mysql'
      ? ['--skip-replica-start', '--replica-exec-mode=IDEMPOTENT']
      : ['--skip-slave-start', '--slave-exec-mode=IDEMPOTENT']),
  ];
}

const MYSQL = {
  turn: (port: number) => `CHANGE REPLICATION SOURCE TO SOURCE_PORT = ${port}`,
  start: 'START REPLICA',
  stop: 'STOP REPLICA',
  hold: 'STOP REPLICA SQL_THREAD',
  release: 'START REPLICA SQL_THREAD',
} as const;

const STATEMENTS = {
  mariadb: {
    position: 'SELECT @@gtid_binlog_pos AS gtid',
    begin: (port: number, { gtid }: Record<string, unknown>) =>
      `SET GLOBAL gtid_slave_pos = '${String(gtid ?? '')}';
      CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = '${COPY}',
        MASTER_PASSWORD = 'copy', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`,
    turn: (port: number) => `CHANGE MASTER TO MASTER_PORT = ${port}`,
    start: 'START SLAVE',
    stop: 'STOP SLAVE',
    hold: 'STOP SLAVE SQL_THREAD',
    release: 'START SLAVE SQL_THREAD',
  },
  mysql: {
    ...MYSQL,
    position: 'SHOW BINARY LOG STATUS',
    begin: (port: number, { File, Position }: Record<string, unknown>) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = ${port}, SOURCE_USER = '${COPY}',
        SOURCE_PASSWORD = 'copy', SOURCE_LOG_FILE = '${String(File)}', SOURCE_LOG_POS = ${Number(Position)},
        GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1`,
  },
  mysqlWithGtids: {
    ...MYSQL,
    position: 'SELECT @@global.gtid_executed AS gtids',
    // The first statement is what a dump of such a server begins with.
    begin: (port: number, { gtids }: Record<string, unknown>) =>
      `SET GLOBAL gtid_purged = '+${String(gtids)}';
      CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = ${port}, SOURCE_USER = '${COPY}',
        SOURCE_PASSWORD = 'copy', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1`,
  },
} as const;
