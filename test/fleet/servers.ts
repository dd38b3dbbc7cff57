import { type PrivateServer, startPrivateServer } from '../support/private-server.js';
import { createAlarmDatabase } from '../support/service/alarm-database.js';
import {
  allowRelays,
  grantOnRelay,
  type Relay,
  relayArguments,
  startRelay,
} from '../support/service/relay.js';
import { createTool, runAsRoot, runAsTool, type Site } from './site.js';

/** Three MariaDB servers of which one is the primary, and two relays of it. */
export interface FleetServers extends Site {
  readonly all: readonly PrivateServer[];
  readonly relays: readonly [Relay, Relay];
  /** A planned switchover from the first server to the second, or back. Connections live on unless `kills`. */
  switchOver(kills: boolean): Promise<void>;
  /** The primary gets SIGKILL, and the next one is promoted. It does not come back. */
  crash(): Promise<void>;
}

const ROOM = '--max-connections=5000';
const MORE = ['--log-slave-updates', '--event-scheduler=ON', ROOM, '--slave-exec-mode=IDEMPOTENT'];

export async function startServers(): Promise<FleetServers> {
  const start = (id: number) =>
    startPrivateServer({ flavour: 'mariadb', extraArgs: [`--server-id=${id}`, ...MORE] });
  const all = await Promise.all([start(21), start(22), start(23)] as const);
  const [first, second, third] = all;
  let primary: PrivateServer = first;
  await allowRelays(first);
  await on(second, `${followOf(first.port)}; SET GLOBAL read_only = ON; START SLAVE`);
  // Always of the second one, so that it never has anything that the next primary has not.
  await on(third, `${followOf(second.port)}; SET GLOBAL read_only = ON; START SLAVE`);
  const relay = (id: number) =>
    startRelay(first, id, { extraArgs: [...relayArguments('mariadb', id), ROOM], prepare: async () => {} });
  const relays = await Promise.all([relay(31), relay(32)] as const);
  const database = await createAlarmDatabase(first, { hasRelays: true });
  await database.runFile(first, 'fleet.sql');
  for (const relay of relays) await grantOnRelay(relay, database);
  const sources = relays.map(({ server }) => server);
  await createTool({ primary, database, on, sources });

  const caughtUp = async (replica: PrivateServer): Promise<void> => {
    const [row] = await on(primary, 'SELECT @@gtid_binlog_pos AS position');
    await on(replica, `SELECT MASTER_GTID_WAIT('${String(row?.position)}', 30)`);
  };
  const promote = async (next: PrivateServer): Promise<void> => {
    await on(next, 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = OFF');
    primary = next;
    await Promise.all(relays.map((relay) => relay.follow(next)));
    await on(next, `ALTER EVENT ${database.name}.fleet_heartbeat ENABLE`);
  };
  // Whoever connects there next needs the accounts.
  for (const replica of [second, third]) await caughtUp(replica);
  /** Statements of the tool that run now, and what the next ones wait for. */
  const running = new Set<Promise<void>>();
  let gate: Promise<void> = Promise.resolve();

  return {
    ...{ all, relays, database, sources, on },
    get primary() {
      return primary;
    },
    async asTool(sql) {
      await gate;
      const run = runAsTool(primary, sql);
      running.add(run);
      await run.finally(() => running.delete(run));
    },
    async switchOver(kills) {
      const [old, next] = primary === first ? [first, second] : [second, first];
      await on(old, 'SET GLOBAL read_only = ON');
      await caughtUp(next);
      await promote(next);
      if (kills) await on(old, `KILL CONNECTION USER ${database.user}`);
      await on(old, `SET GLOBAL gtid_slave_pos = @@gtid_binlog_pos; ${followOf(next.port)}; START SLAVE`);
    },
    async crash() {
      const next = primary === first ? second : third;
      // A raise that the old primary never replicated is lost whatever a client does, so none is made in that instant.
      let open: () => void = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      try {
        await Promise.allSettled(running);
        await freezeWithout(primary, sources, next);
        await primary.kill('SIGKILL');
        await promote(next);
      } finally {
        open();
      }
    },
    stop: async () => {
      await Promise.all([...all, ...sources].map((each) => each.stop()));
    },
  };

  /**
   * Freezes the primary at a moment when no relay has anything that the next primary has not: such a relay could not follow
   * that one (error 1236), and would have to be made anew.
   */
  async function freezeWithout(
    old: PrivateServer,
    copies: readonly PrivateServer[],
    next: PrivateServer,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await caughtUp(next);
      await old.kill('SIGSTOP');
      const [known, ...others] = await Promise.all([next, ...copies].map(lastSequence));
      if (others.every((each) => each <= (known ?? 0))) return;
      await old.kill('SIGCONT');
      if (tries === FREEZE_TRIES) throw new Error('a relay is always ahead of the next primary');
    }
  }
}

const FREEZE_TRIES = 50;
const on = runAsRoot;

/** Of the last transaction that a replica has applied: `0-21-1234` is 1234. */
async function lastSequence(server: PrivateServer): Promise<number> {
  const [row] = await on(server, 'SELECT @@gtid_slave_pos AS position');
  return Number(String(row?.position).split('-').at(-1));
}

function followOf(port: number): string {
  return `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = 'copy_for_relays',
    MASTER_PASSWORD = 'copy', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`;
}
