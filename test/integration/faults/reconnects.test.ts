import { readdir } from 'node:fs/promises';
import ZongJi from '@vlasky/zongji';
import type { Connection } from 'mysql2/promise';
import {
  asyncScheduler,
  defer,
  filter,
  firstValueFrom,
  type Observable,
  Subject,
  type Subscription,
  switchMap,
} from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { openBinlog } from '../../../src/db/binlog/open-binlog.js';
import { toBinlogError } from '../../../src/db/binlog/to-binlog-error.js';
import { connectionOptions } from '../../../src/db/connection/connection-options.js';
import { openDatabase } from '../../../src/db/connection/database.js';
import { openAlarmTable } from '../../../src/db/tables/alarm-table.js';
import type { StreamSignal } from '../../../src/domain/alarm/binlog-signal.js';
import { reconnect } from '../../../src/operators/reconnect.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { startTcpProxy } from '../../support/faults/tcp-proxy.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { type AlarmDatabase, createAlarmDatabase } from '../../support/service/alarm-database.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** On one kind of server in full. Generous, since all the other tests want the machine too. */
const RECONNECTS = { mariadb: 400, mysql: 200 } as const;
const RESET_EVERY = 10;
const RECONNECTS_TIMEOUT_MS = 900_000;
const OTHER_TABLES = 200;

describe.each(rowServerKinds())('a stream that lives for long, $name', ({ options }) => {
  const reconnects = RECONNECTS[options.flavour];
  let server: PrivateServer;
  let root: Connection;

  beforeAll(async () => {
    server = await startPrivateServer(options);
    root = await server.connect();
  });
  afterAll(async () => {
    await root?.end();
    await server?.stop();
  });
  afterEach(() => vi.restoreAllMocks());

  it(`leaves no connection and no descriptor behind over ${reconnects} reconnects, by the server's own count`, {
    timeout: RECONNECTS_TIMEOUT_MS,
  }, async () => {
    const database = await openAlarms();
    const network = await startTcpProxy(server.port);
    onTestFinished(() => network.close());
    const stream = openStream(database, network.port);
    await stream.next('streaming');
    const connected = await threadsConnected();
    const descriptors = await countDescriptors();
    for (let times = 1; times <= reconnects; times += 1) {
      const again = stream.next('streaming');
      // The network cuts all, or the server ends the one that reads. After a cut MariaDB needs 0.1 s to be rid of the old one.
      if (times % RESET_EVERY === 0) network.resetAll();
      else await killDump(database);
      await again;
    }
    await waitFor('as many connections as before', async () => (await threadsConnected()) <= connected);
    await waitFor('as many descriptors as before', async () => (await countDescriptors()) <= descriptors);
    await database.raise(1);
    expect(await stream.next('raised')).toMatchObject({ processId: 1 });
    await stream.close();
    await waitFor('no connection of ours', async () => (await threadsConnected()) === 1);
    expect(network.connections).toBe(0);
  });

  it("keeps the columns of our table once, whatever number the server gives it, and nobody else's", async () => {
    const emit = vi.spyOn(ZongJi.prototype, 'emit');
    const database = await openAlarms();
    const stream = openStream(database, server.port);
    await stream.next('streaming');
    await database.session(async (other) => {
      for (let n = 0; n < OTHER_TABLES; n += 1) {
        await other.query(`CREATE TABLE other_${n} (n INT); INSERT INTO other_${n} VALUES (1)`);
      }
    });
    for (let times = 0; times < 20; times += 1) {
      await database.query('UPDATE STATUS_PROCESS SET alarma = 0');
      await database.query('FLUSH TABLES');
      const raised = stream.next('raised');
      await database.raise(1);
      await raised;
    }
    const [zongji] = emit.mock.contexts;
    expect(Object.values(Reflect.get(zongji ?? {}, 'tableMap'))).toEqual([
      expect.objectContaining({ tableName: 'STATUS_PROCESS' }),
    ]);
    await stream.close();
  });

  async function openAlarms(): Promise<AlarmDatabase> {
    const database = await createAlarmDatabase(server);
    onTestFinished(() => database.drop());
    await database.addProcesses('alpha');
    return database;
  }

  async function threadsConnected(): Promise<number> {
    const [rows] = await root.query("SHOW GLOBAL STATUS LIKE 'Threads_connected'");
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    return Number(Reflect.get(Object(row), 'Value'));
  }

  async function killDump({ user }: AlarmDatabase): Promise<void> {
    const [rows] = await root.query(
      "SELECT id AS id FROM information_schema.processlist WHERE user = ? AND command LIKE 'Binlog Dump%'",
      [user],
    );
    for (const { id } of rows as { id: number }[]) await root.query(`KILL ${id}`).catch(() => undefined);
  }
});

interface Stream {
  next(kind: StreamSignal['kind']): Promise<StreamSignal>;
  close(): Promise<void>;
}

/** As the service reads it, but for the back-off and for what it asks the server before. */
function openStream({ name, user, password }: AlarmDatabase, port: number): Stream {
  const config: DatabaseConfig = {
    ...DEFAULT_CONFIG.database,
    host: '127.0.0.1',
    port,
    user,
    password,
    database: name,
    sslMode: 'disabled',
  };
  const database = openDatabase(config);
  const table = openAlarmTable(database, { isEveryHost: false });
  const signals = new Subject<StreamSignal>();
  const stream: Observable<StreamSignal> = defer(() => table.readLayout()).pipe(
    switchMap((layout) =>
      openBinlog({
        connection: connectionOptions(config),
        serverId: 4711,
        heartbeatMs: 1000,
        layout,
        hostId: undefined,
        versioned: new Set(),
        parseOwnStatement: table.parseOwnStatement,
        onActivity: () => {},
      }),
    ),
    reconnect<StreamSignal>({
      backoff: { firstMs: 1, maxMs: 1 },
      sustainedMs: 0,
      isUp: ({ kind }) => kind === 'streaming',
      lost: (error, retryInMs, wasUpForMs) => ({
        kind: 'lost',
        error: toBinlogError(error),
        retryInMs,
        wasUpForMs,
      }),
      scheduler: asyncScheduler,
      random: Math.random,
    }),
  );
  const subscription: Subscription = stream.subscribe(signals);
  return {
    next: (kind) => firstValueFrom(signals.pipe(filter((signal) => signal.kind === kind))),
    async close() {
      subscription.unsubscribe();
      await database.close();
    },
  };
}

async function countDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
