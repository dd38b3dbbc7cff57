import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PoolConnection } from 'mysql2/promise';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../../src/db/connection/database.js';
import { toDatabaseError } from '../../../src/db/connection/database-error.js';
import { ServerConnections } from '../../../src/db/connection/server-connections.js';
import { streamOf } from '../../../src/db/connection/stream-of.js';
import { startTcpProxy } from '../../support/faults/tcp-proxy.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { serverFlavours } from '../../support/server-programs.js';

const ACCOUNT = { user: 'writer', password: 'zebra-Horse_7', database: 'mine' };
const MINUTE = 60_000;
/** Longer than any test: nothing is noticed by a heartbeat. */
const HOUR = 60 * MINUTE;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe.each(serverFlavours())('the connections for statements, %s', (flavour) => {
  let server: PrivateServer;
  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    await root(`CREATE DATABASE mine; CREATE TABLE mine.t (a INT); CREATE USER writer@localhost IDENTIFIED BY '${ACCOUNT.password}';
      GRANT ALL ON mine.* TO writer@localhost`);
  });
  afterAll(() => server.stop());

  it('R37: each new connection is asked once, and nothing more within a heartbeat', async () => {
    const database = open(MINUTE);
    const before = await selects();
    await Promise.all([1, 2, 3, 4].map(() => database.use(nothing)));
    await database.use(nothing);
    const opened = await connections();
    expect(opened).toBeGreaterThan(0);
    expect((await selects()) - before).toBe(opened);
    for (let time = 0; time < 10; time += 1) await database.use(nothing);
    expect((await selects()) - before).toBe(opened);
  });

  it('R37: an idle connection is asked at each heartbeat, and a server that turned read-only is told', async () => {
    const database = open(50);
    await database.use(nothing);
    const turned = firstValueFrom(database.changes);
    await readOnly();
    expect(await turned).toMatchObject({ isOther: false, was: { mayWrite: true }, now: { mayWrite: false } });
    const back = firstValueFrom(database.changes);
    await root('SET GLOBAL read_only = OFF');
    expect(await back).toMatchObject({ isOther: false, now: { mayWrite: true } });
  });

  it('closes all connections but one when no second one was needed for a while, with a goodbye', async () => {
    const account = { ...ACCOUNT, host: server.host, port: server.port };
    const pool = new ServerConnections(account, () => MINUTE);
    onTestFinished(() => pool.close());
    await waitFor('the end of the connections of other tests', async () => (await connections()) === 0);
    const lent = await Promise.all([1, 2, 3].map(() => pool.lend()));
    const before = await aborted();
    await Promise.all(lent.map(({ connection }) => pool.run(connection, nothing)));
    expect(await connections()).toBe(3);
    pool.closeSpare();
    expect(await connections()).toBe(3);
    pool.closeSpare(0);
    await waitFor('the end of the others', async () => (await connections()) === 1);
    expect(await aborted()).toBe(before);
    const { connection } = await pool.lend();
    connection.release();
    expect(await connections()).toBe(1);
  });

  it('closes spare ones also while ended ones linger, whose server never closed its end: nobody waits for a connection', async () => {
    const account = { ...ACCOUNT, host: server.host, port: server.port };
    const pool = new ServerConnections(account, () => MINUTE);
    onTestFinished(() => pool.leave());
    const four = [1, 2, 3, 4];
    for (const { connection } of await Promise.all(four.map(() => pool.lend()))) {
      streamOf(connection.connection)?.pause();
      connection.destroy();
    }
    const lent = await Promise.all(four.map(() => pool.lend()));
    await Promise.all(lent.map(({ connection }) => pool.run(connection, nothing)));
    pool.closeSpare(0);
    await waitFor('the end of the spare ones', async () => (await connections()) === 1);
    const again = await Promise.all(four.map(() => pool.lend()));
    for (const { connection } of again) connection.release();
  });

  it('R37: one whose server says 1290 is destroyed, never given back, and told at once', async () => {
    const database = open(HOUR);
    const first = await database.use(threadOf);
    const turned = firstValueFrom(database.changes);
    await readOnly();
    await expect(
      database.use((connection) => connection.query('INSERT INTO mine.t VALUES (1)')),
    ).rejects.toMatchObject({ errno: 1290 });
    expect(await turned).toMatchObject({ now: { mayWrite: false } });
    expect(await database.use(threadOf)).not.toBe(first);
  });

  it.each([
    [1290, 'read-only by an option'],
    [1792, 'a read-only transaction'],
    [1836, 'read-only mode'],
    [1047, 'no quorum'],
  ])('R37: so is one that is answered %i, %s', async (errno) => {
    const database = open(HOUR);
    const first = await database.use(threadOf);
    const refused = `SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = 'not here'`;
    await expect(database.use((connection) => connection.query(refused))).rejects.toMatchObject({ errno });
    expect(await database.use(threadOf)).not.toBe(first);
    // Another error of a statement says nothing of the server.
    const second = await database.use(threadOf);
    await expect(database.use((connection) => connection.query('SELECT * FROM mine.none'))).rejects.toThrow();
    expect(await database.use(threadOf)).toBe(second);
  });

  it('R37: is asked again before its next use when what it said is older than a heartbeat', async () => {
    const account = { ...ACCOUNT, host: server.host, port: server.port };
    let freshMs = HOUR;
    const pool = new ServerConnections(account, () => freshMs);
    onTestFinished(() => pool.leave());
    const lend = async () => {
      const { connection, answer } = await pool.lend();
      connection.release();
      return answer;
    };
    expect(await lend()).toMatchObject({ isReadOnly: false });
    expect(await lend()).toBeUndefined();
    freshMs = 0;
    await readOnly();
    expect(await lend()).toMatchObject({ isReadOnly: true });
  });

  it('R37: work that runs is given up at once when the server is left', async () => {
    const pool = new ServerConnections({ ...ACCOUNT, host: server.host, port: server.port }, () => HOUR);
    await waitFor('the end of the connections of other tests', async () => (await connections()) === 0);
    const { connection } = await pool.lend();
    const running = expect(
      pool.run(connection, (lent) => lent.query('SELECT SLEEP(3600)')),
    ).rejects.toMatchObject({ message: expect.stringMatching(/was left for another one/), retryable: true });
    const session = await waitFor('the statement', async () => {
      const sessions = await root('SHOW PROCESSLIST');
      return sessions.find(({ Info }) => String(Info).includes('SLEEP(3600)'));
    });
    pool.leave();
    await running;
    // The server itself would go on.
    await root(`KILL ${Number(session.Id)}`).catch(() => {});
  });

  it.each<[string, (pool: ServerConnections) => Promise<unknown>]>([
    ['has not answered in time', (pool) => pool.lend({ anyway: true })],
    [
      'has broken under its work',
      async (pool) => pool.run((await pool.lend()).connection, () => Promise.reject(new Error('silent'))),
    ],
    [
      'has timed out, as who worked with it says',
      async (pool) =>
        pool.run((await pool.lend()).connection, (connection) =>
          connection.query({ sql: 'DO 1', timeout: 50 }).catch((error: unknown) => {
            throw toDatabaseError(error);
          }),
        ),
    ],
  ])('R37: idle ones are not tried one by one after one to the same server %s', async (_, fail) => {
    const address = await startTcpProxy(server.port);
    onTestFinished(() => address.close());
    const pool = new ServerConnections({ ...ACCOUNT, host: address.host, port: address.port }, () => HOUR);
    onTestFinished(() => pool.leave());
    const lent = await Promise.all([1, 2, 3, 4].map(() => pool.lend()));
    for (const { connection } of lent) connection.release();
    // An address that was taken away without a word, and is at another server now.
    address.swallow();
    await address.heal();
    await expect(fail(pool)).rejects.toThrow();
    const { connection, answer } = await pool.lend();
    expect(answer).toMatchObject({ isReadOnly: false });
    await pool.run(connection, nothing);
  });

  it('keeps nothing of the work that is done', async () => {
    const database = open(MINUTE);
    const results: WeakRef<object>[] = [];
    for (let time = 0; time < 20; time += 1) {
      const result = await database.use(async () => ({ rows: new Array(1000).fill(time) }));
      results.push(new WeakRef(result));
    }
    await waitFor('the results to be collected', async () => {
      collectGarbage();
      return results.slice(0, -1).every((result) => result.deref() === undefined);
    });
  });

  it('R37: who writes nothing is content with a server that is read-only', async () => {
    await readOnly();
    const database = open(20, true);
    await database.use(nothing);
    const watcher = await server.connect();
    onTestFinished(() => watcher.end());
    const count = async (what: string): Promise<number> => {
      const [rows] = await watcher.query(`SHOW GLOBAL STATUS LIKE '${what}'`);
      return Number((rows as { Value: string }[])[0]?.Value);
    };
    const opened = await count('Connections');
    const asked = await count('Com_select');
    await waitFor('eight heartbeats', async () => (await count('Com_select')) >= asked + 8);
    // Whoever looks for another server does it through new connections.
    expect(await count('Connections')).toBe(opened);
    expect(database.server).toMatchObject({ mayWrite: false });
  });

  function open(heartbeatMs: number, takesAny = false): Database {
    const { host, port } = server;
    const config = { host, port, ...ACCOUNT, sslMode: 'disabled' } as const;
    const database = openDatabase(config, { heartbeatMs: () => heartbeatMs, takesAny: () => takesAny });
    onTestFinished(() => database.close());
    return database;
  }

  async function readOnly(): Promise<void> {
    onTestFinished(() => root('SET GLOBAL read_only = OFF').then(() => {}));
    await root('SET GLOBAL read_only = ON');
  }

  async function root(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await server.connect({ multipleStatements: true });
    try {
      return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  }

  /** How many SELECTs all clients have sent; whoever asks so sends none. */
  async function selects(): Promise<number> {
    const [row] = await root("SHOW GLOBAL STATUS LIKE 'Com_select'");
    return Number(row?.Value);
  }

  /** Connections that ended without a goodbye: each is a line in the log of the server. */
  async function aborted(): Promise<number> {
    const [row] = await root("SHOW GLOBAL STATUS LIKE 'Aborted_clients'");
    return Number(row?.Value);
  }

  async function connections(): Promise<number> {
    return (await root('SHOW PROCESSLIST')).filter(({ User }) => User === ACCOUNT.user).length;
  }
});

async function nothing(connection: PoolConnection): Promise<void> {
  await connection.query('DO 1');
}

async function threadOf(connection: PoolConnection): Promise<number | null> {
  await connection.query('DO 1');
  return connection.threadId;
}
