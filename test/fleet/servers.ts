import { type PrivateServer, startPrivateServer } from '../support/private-server.js';
import { type AlarmDatabase, createAlarmDatabase } from '../support/service/alarm-database.js';
import {
  allowRelays,
  grantOnRelay,
  type Relay,
  relayArguments,
  startRelay,
} from '../support/service/relay.js';

/** Two MariaDB servers of which one is the primary, and two relays of it. */
export interface FleetServers {
  readonly pair: readonly [PrivateServer, PrivateServer];
  readonly relays: readonly [Relay, Relay];
  readonly database: AlarmDatabase;
  /** The present primary. */
  readonly primary: PrivateServer;
  /** Runs statements as root on a connection of their own. */
  on(server: PrivateServer, sql: string): Promise<Record<string, unknown>[]>;
  /** Runs a statement on the primary as a tool that raises alarms: unlike root it may not write where that is read-only. */
  asTool(sql: string): Promise<void>;
  /** A planned switchover to the other server. Connections live on unless `kills`. */
  switchOver(kills: boolean): Promise<void>;
  /** The primary gets SIGKILL, and the other one is promoted. It does not come back. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const ROOM = '--max-connections=3000';
const MORE = ['--log-slave-updates', '--event-scheduler=ON', ROOM, '--slave-exec-mode=IDEMPOTENT'];

export async function startServers(): Promise<FleetServers> {
  const start = (id: number) =>
    startPrivateServer({ flavour: 'mariadb', extraArgs: [`--server-id=${id}`, ...MORE] });
  const pair = await Promise.all([start(21), start(22)]);
  const [first, second] = pair;
  let primary: PrivateServer = first;
  await allowRelays(first);
  await on(second, `${followOf(first.port)}; SET GLOBAL read_only = ON; START SLAVE`);
  // As an option: what is only set is gone after a restart, and the hosts find no room then.
  const relay = (id: number) =>
    startRelay(first, id, { extraArgs: [...relayArguments('mariadb', id), ROOM], prepare: async () => {} });
  const relays = await Promise.all([relay(31), relay(32)]);
  const database = await createAlarmDatabase(first, { hasRelays: true });
  await database.runFile(first, 'fleet.sql');
  for (const relay of relays) await grantOnRelay(relay, database);

  await on(
    first,
    `CREATE USER tool@localhost IDENTIFIED BY 'tool'; GRANT SELECT, UPDATE ON ${database.name}.* TO tool@localhost`,
  );

  const promote = async (next: PrivateServer): Promise<void> => {
    await on(next, 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = OFF');
    primary = next;
    await Promise.all(relays.map((relay) => relay.follow(next)));
    await on(next, `ALTER EVENT ${database.name}.fleet_heartbeat ENABLE`);
  };
  const other = (): PrivateServer => (primary === first ? second : first);
  const caughtUp = async (replica: PrivateServer): Promise<void> => {
    const [row] = await on(primary, 'SELECT @@gtid_binlog_pos AS position');
    await on(replica, `SELECT MASTER_GTID_WAIT('${String(row?.position)}', 30)`);
  };
  return {
    pair,
    relays,
    database,
    get primary() {
      return primary;
    },
    on,
    async asTool(sql) {
      const connection = await primary.connect({ user: 'tool', password: 'tool' });
      await connection.query(sql).finally(() => connection.end());
    },
    async switchOver(kills) {
      const [old, next] = [primary, other()];
      await on(old, 'SET GLOBAL read_only = ON');
      await caughtUp(next);
      await promote(next);
      if (kills) await on(old, `KILL CONNECTION USER ${database.user}`);
      await on(old, `SET GLOBAL gtid_slave_pos = @@gtid_binlog_pos; ${followOf(next.port)}; START SLAVE`);
    },
    async crash() {
      const next = other();
      await caughtUp(next);
      await primary.kill('SIGKILL');
      await promote(next);
    },
    stop: async () => {
      await Promise.all([...pair, ...relays].map((each) => each.stop()));
    },
  };
}

async function on(server: PrivateServer, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await server.connect({ multipleStatements: true });
  try {
    return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}

function followOf(port: number): string {
  return `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = 'copy_for_relays',
    MASTER_PASSWORD = 'copy', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`;
}
