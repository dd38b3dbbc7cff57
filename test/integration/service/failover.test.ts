import { readFile } from 'node:fs/promises';
import { firstValueFrom } from 'rxjs';
import { expect, it, onTestFinished } from 'vitest';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { openDatabase } from '../../../src/db/connection/database.js';
import { query } from '../../../src/db/connection/query.js';
import { LiveConfig } from '../../../src/service/shared/live-config.js';
import { LiveDatabase } from '../../../src/service/table/live-database.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { startTcpProxy } from '../../support/faults/tcp-proxy.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { findServerPrograms } from '../../support/server-programs.js';
import type { ConfigSections } from '../../support/service/config-file.js';
import { startReplicaPair } from '../../support/service/replica-pair.js';
import { openSceneOfTest, type Scene } from '../../support/service/scene.js';
import { load } from '../../unit/config/temp-config.js';

const why = findServerPrograms().mariadb ? undefined : 'there is no MariaDB here';

describeWhere('failover, MariaDB', why, () => {
  it('R37: a switchover whose old connections survive: both servers in the list', async () => {
    const { pair, scene, list, raiseOn } = await openPair();
    const daemon = await scene.watchCalmly(list);
    await scene.database.raise('before');
    await daemon.cleared('before');
    await pair.switchOver();
    await raiseOn(pair.second, 'after');
    const moved = await daemon.waitForLine(
      new RegExp(`now at 127.0.0.1:${pair.second.port}, server_id 22; was 127.0.0.1:${pair.first.port}, 21`),
    );
    await daemon.waitForLine(/ after: alarm cleared/);
    await daemon.waitForLine(/watching the binlog of/, { from: moved.index });
    await raiseOn(pair.second, 'later');
    await daemon.waitForLine(/ later: alarm seen/, { from: moved.index });
    await daemon.cleared('later');
    expect((await scene.status()).database).toMatchObject({
      ...{ server: `127.0.0.1:${pair.second.port}`, serverId: 22, mayWrite: true },
      was: { server: `127.0.0.1:${pair.first.port}`, serverId: 21 },
    });
    const { stdout } = await scene.run('check');
    expect(stdout).toMatch(/server_id 21, read-only/);
    expect(stdout).toMatch(/server_id 22, may write; this one is used/);
    for (const name of ['before', 'after', 'later']) expect(await scene.fleet.restarts(name)).toBe(1);
    // Nobody else would end what lives on there.
    await waitFor('the end of all sessions at the old server', async () => {
      const sessions = (await pair.on(pair.first, 'SHOW PROCESSLIST')) as { readonly User: string }[];
      return sessions.every(({ User }) => User !== scene.database.user);
    });
    expect(
      await pair.on(pair.second, `SELECT 1 FROM ${scene.database.name}.STATUS_PROCESS WHERE alarma = 1`),
    ).toEqual([]);
  });

  it('R37: a switchover that ends the old connections', async () => {
    const { pair, scene, list, raiseOn } = await openPair();
    const daemon = await scene.watch(list);
    await pair.switchOver({ kill: scene.database.user });
    await raiseOn(pair.second, 'after');
    await daemon.cleared('after');
    expect(await scene.fleet.restarts('after')).toBe(1);
  });

  it('R37: an address that moves to another server while old connections survive', async () => {
    const { pair, address, scene, raiseOn } = await openPair();
    const daemon = await scene.watchCalmly({
      database: { host: address.host, port: address.port },
      ...HEARTBEAT,
    });
    await pair.switchOver();
    address.moveTo(pair.second.port);
    await raiseOn(pair.second, 'after');
    await daemon.waitForLine(new RegExp(`now at 127.0.0.1:${address.port}, server_id 22; was .*, 21`));
    await daemon.cleared('after');
    expect(await scene.fleet.restarts('after')).toBe(1);
  });

  it('R37: the table of the next server is read also where there is no stream', async () => {
    const { pair, scene, list, raiseOn } = await openPair();
    const daemon = await scene.launch({
      ...list,
      binlog: { ...HEARTBEAT.binlog, enabled: 'no' },
      monitor: { check_interval: 3600, fallback_interval: 3600 },
    });
    await daemon.waitForLine(/the database is at .*, server_id 21/);
    await pair.caughtUp();
    await raiseOn(pair.second, 'after');
    await pair.switchOver();
    await daemon.cleared('after');
    expect(await scene.fleet.restarts('after')).toBe(1);
  });

  it('R12, R37: read-only in the midst of a clear: it is written on the next server', async () => {
    const { pair, scene, list } = await openPair();
    const daemon = await scene.watch(list);
    await scene.raiseAndHold('before');
    await pair.switchOver();
    await scene.fleet.release('before');
    await daemon.cleared('before');
    expect(await scene.fleet.restarts('before')).toBe(1);
    const [row] = (await pair.on(
      pair.second,
      `SELECT alarma FROM ${scene.database.name}.STATUS_PROCESS WHERE process_id = 1`,
    )) as { alarma: number }[];
    expect(row).toEqual({ alarma: 0 });
  });

  it('R12, R37: a crash that loses our clear: a health check comes before a restart', async () => {
    const { pair, scene, list } = await openPair();
    const daemon = await scene.watch(list);
    await scene.raiseAndHold('before');
    await pair.caughtUp();
    await pair.cutReplication();
    await scene.fleet.release('before');
    const cleared = await daemon.cleared('before');
    await pair.first.kill('SIGKILL');
    onTestFinished(() => pair.first.start());
    await pair.promote();
    await daemon.waitForLine(/now at .*, server_id 22/, { from: cleared.index });
    await daemon.waitForLine(/ before: checked once more .*: healthy .*no restart/, { from: cleared.index });
    await daemon.waitForLine(/ before: alarm cleared/, { from: cleared.index + 1 });
    expect(await scene.fleet.restarts('before')).toBe(1);
  });

  it('R11, R12, R37: so it does where the service is killed with that server', async () => {
    const { pair, scene, list } = await openPair();
    const daemon = await scene.watch(list);
    await scene.raiseAndHold('before');
    await pair.caughtUp();
    await pair.cutReplication();
    await scene.fleet.release('before');
    await daemon.cleared('before');
    // Nothing else in it tells the next run that there was one.
    await waitFor('the clear in the state file', async () =>
      /"verified": \{\},.*"unsettled": \{\},.*"cleared": \{\s*"1"/s.test(
        await readFile(scene.path('state.json'), 'utf8').catch(() => ''),
      ),
    );
    daemon.signal('SIGKILL');
    await daemon.exit;
    await pair.first.kill('SIGKILL');
    onTestFinished(() => pair.first.start());
    await pair.promote();
    const next = await scene.watch(list);
    await next.waitForLine(/ before: .*healthy .*no restart/);
    await next.waitForLine(/ before: alarm cleared/);
    expect(await scene.fleet.restarts('before')).toBe(1);
  });

  it('R37: nothing may write: the first that answers is read, said once; the clear comes when one may', async () => {
    const { pair, scene, list } = await openPair();
    await pair.on(pair.first, 'SET GLOBAL read_only = ON');
    const daemon = await scene.watch(list);
    await daemon.waitForLine(/WARNING .*no database server may write: .*, server_id 21, is read-only/);
    // Root may write there all the same.
    await scene.database.raise('before');
    await daemon.waitForLine(/before: cannot write the clear/);
    await pair.on(pair.first, 'SET GLOBAL read_only = OFF');
    await daemon.waitForLine(/server_id 21, may write again/);
    await daemon.cleared('before');
    expect(daemon.lines().filter((line) => /no database server may write/.test(line))).toHaveLength(1);
    expect(await scene.fleet.restarts('before')).toBe(1);
  });

  it('R37: a search finds the server in use as long as that may write, wherever it stands in the list', async () => {
    const { pair, address, scene } = await openPair();
    await pair.caughtUp();
    await pair.promote();
    await address.refuse();
    const { user, password, name } = scene.database;
    const config: DatabaseConfig = {
      ...{ user, password, database: name, sslMode: 'disabled', host: address.host, port: address.port },
      otherHosts: [{ host: '127.0.0.1', port: pair.second.port }],
    };
    const database = openDatabase(config, { heartbeatMs: () => 1 });
    onTestFinished(() => database.close());
    const serverId = (): Promise<unknown> =>
      database.use(async (connection) => (await connection.query('SELECT @@server_id AS id'))[0]);
    expect(await serverId()).toEqual([{ id: 22 }]);
    // The first one is back, writable, and was not joined again.
    await address.heal();
    for (let time = 0; time < 30; time += 1) {
      database.reconsider();
      expect(await serverId()).toEqual([{ id: 22 }]);
    }
    expect(database.server?.serverId).toBe(22);
  });

  it('R37: a change says when the old server last answered, however long nothing answered at that address', async () => {
    const { pair, address, scene } = await openPair();
    const { user, password, name } = scene.database;
    const { host, port } = address;
    const config = load(`[database]
      host = ${host}
      port = ${port}
      user = ${user}
      password = "${password}"
      database = ${name}
      ssl_mode = disabled
      [binlog]
      heartbeat = 0.1`);
    const database = new LiveDatabase(new LiveConfig(config));
    onTestFinished(() => database.close());
    const ask = (): Promise<unknown> =>
      database.current.database.use((connection) => connection.query('DO 1'));
    const begunAt = Date.now();
    await ask();
    await address.refuse();
    address.resetAll();
    const lostAt = Date.now();
    await waitFor('a statement that fails', () =>
      ask().then(
        () => false,
        () => true,
      ),
    );
    await pair.promote();
    address.moveTo(pair.second.port);
    await address.heal();
    const changed = firstValueFrom(database.serverChanges);
    await waitFor('the new server', () =>
      ask().then(
        () => true,
        () => false,
      ),
    );
    const { wasHeardAt, ...change } = await changed;
    expect(change).toMatchObject({ isOther: true, was: { serverId: 21 }, now: { serverId: 22 } });
    expect(wasHeardAt).toBeGreaterThanOrEqual(begunAt);
    expect(wasHeardAt).toBeLessThanOrEqual(lostAt);
  });

  it('R37: a statement whose connection has gone silent is given up when the address is at another server', async () => {
    const { pair, address, scene } = await openPair();
    const { user, password, name } = scene.database;
    const { host, port } = address;
    const account = { user, password, database: name, sslMode: 'disabled' } as const;
    // Long enough that the statement below is sent without a question before.
    const database = openDatabase({ ...account, host, port }, { heartbeatMs: () => 2000 });
    onTestFinished(() => database.close());
    const ask = (): Promise<unknown> => database.use((connection) => query(connection, 'SELECT 1', []));
    await pair.promote();
    await ask();
    address.swallow();
    address.moveTo(pair.second.port);
    await address.heal();
    await expect(ask()).rejects.toMatchObject({ message: expect.stringMatching(/left for another one/) });
    await ask();
    expect(database.server?.serverId).toBe(22);
  });

  it('R37: an idle connection that has gone silent when the address moved is noticed without any statement', async () => {
    const { pair, address, scene } = await openPair();
    const { user, password, name } = scene.database;
    const { host, port } = address;
    const account = { user, password, database: name, sslMode: 'disabled' } as const;
    const database = openDatabase({ ...account, host, port }, { heartbeatMs: () => 200 });
    onTestFinished(() => database.close());
    await database.use((connection) => query(connection, 'SELECT 1', []));
    await pair.promote();
    address.swallow();
    address.moveTo(pair.second.port);
    await address.heal();
    await waitFor('the server that has the address now', () => database.server?.serverId === 22);
  });

  it('R37: the first of the list is down', async () => {
    const { pair, scene, list, raiseOn } = await openPair();
    await pair.caughtUp();
    await pair.promote();
    await pair.first.shutDown();
    onTestFinished(() => pair.first.start());
    const daemon = await scene.watch(list);
    await raiseOn(pair.second, 'before');
    await daemon.cleared('before');
  });
});

const HEARTBEAT: ConfigSections = { binlog: { heartbeat: 0.5 } };
const NAMES = ['before', 'after', 'later'];

async function openPair() {
  const pair = await startReplicaPair();
  onTestFinished(() => pair.stop());
  const address = await startTcpProxy(pair.first.port);
  onTestFinished(() => address.close());
  const scene: Scene = await openSceneOfTest(pair.first, { processes: NAMES });
  await pair.caughtUp();
  const host = [pair.first, pair.second].map(({ port }) => `127.0.0.1:${port}`).join(', ');
  return {
    pair,
    address,
    scene,
    list: { database: { host }, ...HEARTBEAT },
    raiseOn: (server: typeof pair.first, name: string) =>
      pair.on(
        server,
        `UPDATE ${scene.database.name}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${NAMES.indexOf(name) + 1}`,
      ),
  };
}
