import type { PoolOptions } from 'mysql2';
import type { Subscription } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openBinlog } from '../../../src/db/binlog/open-binlog.js';
import { openDatabase } from '../../../src/db/connection/database.js';
import { runSqlFile } from '../../support/database/sql-file.js';
import { startTcpProxy, type TcpProxy } from '../../support/faults/tcp-proxy.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { serverFlavours } from '../../support/server-programs.js';

const DATABASE = 'v_process_monitor';
const HOUR = 3_600_000;
const ACCOUNT = { user: 'watcher', password: 'zebra-Horse_7' };

/** Two servers that know the same account, as behind a balancer. */
describe.each(serverFlavours())('the connections of one stream, %s', (flavour) => {
  const servers: PrivateServer[] = [];
  let address: TcpProxy;
  let stream: Subscription | undefined;
  let seen: string[];

  beforeAll(async () => {
    for (const id of [21, 22]) {
      const server = await startPrivateServer({ flavour, extraArgs: [`--server-id=${id}`] });
      servers.push(server);
      await runSqlFile(server, 'setup.sql');
      const root = await server.connect({ multipleStatements: true });
      await root.query(`CREATE USER watcher@localhost IDENTIFIED BY '${ACCOUNT.password}';
        GRANT ALL ON *.* TO watcher@localhost`);
      await root.end();
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });
  beforeEach(async () => {
    seen = [];
    address = await startTcpProxy(portOf(0));
  });
  afterEach(async () => {
    stream?.unsubscribe();
    await address.close();
  });

  it('R37: are compared before the dump begins: behind a balancer there is no stream, and nobody is killed', async () => {
    const before = await kills();
    address.moveTo(portOf(0), portOf(1));
    open();
    await waitFor('the end of the stream', async () => seen.length > 0);
    expect(seen[0]).toMatch(/^the two connections of the stream reached two servers, server_id 2\d and 2\d$/);
    expect(await kills()).toEqual(before);
  });

  it('R37: are those of the server of the statements', async () => {
    let others = 0;
    open({ instance: 'elsewhere:3306:1', onOtherServer: () => (others += 1) });
    await waitFor('the end of the stream', async () => seen.length > 0);
    expect(seen[0]).toBe('the stream reached another server than the statements, server_id 21');
    expect(others).toBe(1);
  });

  it('R37: the dump thread is killed through a connection to its own server', async () => {
    const [first = 0, second] = await kills();
    open();
    await waitFor('the stream', async () => seen.includes('streaming'));
    stream?.unsubscribe();
    await waitFor('the KILL', async () => (await kills())[0] === first + 1);
    expect((await kills())[1]).toBe(second);
    await waitFor('the end of the dump thread', async () => !(await dumps(0)));
  });

  it('R37: is not killed where the address has moved: its id may be a stranger there', async () => {
    open();
    await waitFor('the stream', async () => seen.includes('streaming'));
    await endControl();
    const before = await kills();
    address.moveTo(portOf(1));
    stream?.unsubscribe();
    await waitFor('the end of the dump thread, which a heartbeat notices', async () => !(await dumps(0)));
    expect(await kills()).toEqual(before);
  });

  it('R37: those for statements, behind a balancer that takes turns: one server within a heartbeat', async () => {
    address.moveTo(portOf(0), portOf(1));
    const config = { host: address.host, port: address.port, ...ACCOUNT, database: DATABASE } as const;
    const database = openDatabase({ ...config, sslMode: 'disabled' }, { heartbeatMs: () => HOUR });
    onTestFinished(() => database.close());
    let moves = 0;
    database.changes.subscribe(({ was }) => (moves += was ? 1 : 0));
    const failures: unknown[] = [];
    const ask = (): Promise<unknown> =>
      database.use((connection) => connection.query('DO 1')).catch((error: unknown) => failures.push(error));
    for (let time = 0; time < 20; time += 1) await Promise.all([ask(), ask(), ask()]);
    expect(moves).toBe(0);
    expect(failures.length).toBeGreaterThan(0);
    for (const error of failures) expect(error).toMatchObject({ retryable: true });
  });

  function open(options: { instance?: string; onOtherServer?: () => void } = {}): void {
    const connection: PoolOptions = {
      host: address.host,
      port: address.port,
      ...ACCOUNT,
      database: DATABASE,
    };
    stream = openBinlog({
      ...{ connection, serverId: 4711, heartbeatMs: 2000, hostId: undefined, versioned: new Set<string>() },
      layout: {
        schema: DATABASE,
        ...{ statusTable: 'STATUS_PROCESS', processTable: 'PROCESE', hasSound: true, hostIdIn: undefined },
        notes: { maxLength: 100 },
      },
      parseOwnStatement: () => undefined,
      onActivity: () => {},
      ...options,
    }).subscribe({
      next: ({ kind }) => seen.push(kind),
      error: (error: unknown) => seen.push(error instanceof Error ? error.message : String(error)),
    });
  }

  function portOf(index: number): number {
    return servers[index]?.port ?? 0;
  }

  async function ask(index: number, sql: string): Promise<Record<string, unknown>[]> {
    const root = await servers[index]?.connect();
    try {
      return ((await root?.query(sql))?.[0] ?? []) as Record<string, unknown>[];
    } finally {
      await root?.end();
    }
  }

  /** How many KILLs each server has been sent. */
  async function kills(): Promise<number[]> {
    const rows = await Promise.all([0, 1].map((index) => ask(index, "SHOW GLOBAL STATUS LIKE 'Com_kill'")));
    return rows.map(([row]) => Number(row?.Value));
  }

  async function dumps(index: number): Promise<boolean> {
    const rows = await ask(index, 'SHOW PROCESSLIST');
    return rows.some(({ Command }) => String(Command).startsWith('Binlog Dump'));
  }

  /** As the server does at its wait_timeout: by ending the session that is no dump. */
  async function endControl(): Promise<void> {
    const rows = await ask(0, 'SHOW PROCESSLIST');
    const control = rows.find(({ User, Command }) => User === ACCOUNT.user && Command === 'Sleep');
    await ask(0, `KILL ${Number(control?.Id)}`);
    await waitFor('the end of the control connection', () => address.connections === 1);
  }
});
