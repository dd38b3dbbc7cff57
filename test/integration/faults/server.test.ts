import { expect, it, onTestFinished } from 'vitest';
import { openBinlog } from '../../../src/db/binlog/open-binlog.js';
import { connectionsOf, isDump, killConnections } from '../../support/faults/connections.js';
import { waitFor } from '../../support/restart/wait-for.js';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const ALL = ['before', 'meanwhile', 'after'];

describeOnServers('the server', rowServerKinds, ({ server, open }) => {
  const openScene = (): Promise<Scene> => open(...ALL);

  it('R1: gets SIGKILL: it recovers, and no alarm is lost', async () => {
    const { database, fleet, watch, raiseAndHold } = await openScene();
    const daemon = await watch();
    await raiseAndHold('before');
    await database.raise(2);
    await server.kill('SIGKILL');
    await fleet.release('before');
    await daemon.waitForLine(/binlog stream lost/);
    await server.start();
    for (const name of ['before', 'meanwhile'])
      await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
    await daemon.waitForLine(/watching the binlog of .* again/);
    await database.raise(3);
    await daemon.cleared('after');
    for (const name of ALL) expect(await fleet.restarts(name)).toBe(1);
  });

  it('R1: ends every connection but that of the binlog: the stream goes on', async () => {
    const { database, fleet, watchCalmly } = await openScene();
    const daemon = await watchCalmly();
    expect(await killConnections(database, (connection) => !isDump(connection))).toBeGreaterThan(0);
    await database.raise(1);
    await daemon.cleared('before');
    expect(await fleet.restarts('before')).toBe(1);
    expect(daemon.lines().join('\n')).not.toMatch(/stream lost/);
  });

  it('R1: ends idle connections after 2 s: the stream goes on, and no alarm waits', async () => {
    const { database, fleet, watchCalmly } = await openScene();
    await setGlobal('wait_timeout', 2);
    const daemon = await watchCalmly();
    await waitFor('the end of the idle connections', async () =>
      (await connectionsOf(database)).every(isDump),
    );
    await database.raise(1);
    await daemon.waitForLine(/before: alarm seen \(binlog\)/);
    await daemon.cleared('before');
    // The columns of an altered table are asked for through a connection that has gone long ago.
    await waitFor('the end of the idle connections', async () =>
      (await connectionsOf(database)).every(isDump),
    );
    await database.query('FLUSH TABLES');
    await database.raise(2);
    await daemon.cleared('meanwhile');
    expect(await fleet.restarts('meanwhile')).toBe(1);
    expect(daemon.lines().join('\n')).not.toMatch(/WARNING/);
  });

  it('R1, R6: takes the stream from us for another replica with our server_id', async () => {
    const { database, fleet, watch } = await openScene();
    const daemon = await watch({ binlog: { server_id: 4711 } });
    await database.raise(1);
    await daemon.cleared('before');
    const ended = readAsOther(database, 4711);
    const lost = await daemon.waitForLine(
      /WARNING .*binlog stream lost: .*(another replica|server_u?u?id|closed)/,
    );
    await database.raise(2);
    await daemon.cleared('meanwhile');
    // We take it back, and the other one does not come again.
    await daemon.waitForLine(/watching the binlog of .* again/, { from: lost.index });
    await ended;
    await database.raise(3);
    await daemon.cleared('after');
    for (const name of ALL) expect(await fleet.restarts(name)).toBe(1);
  });

  it('R1, R6: has no connection left: it is told, and all is well when there is one', async () => {
    const { database, fleet, watch } = await openScene();
    const daemon = await watch();
    await database.session(async (root) => {
      const others = await Promise.all(
        Array.from({ length: 12 }, () =>
          server.connect({ user: database.user, password: database.password }),
        ),
      );
      await root.query('SET GLOBAL max_connections = 10');
      try {
        for (const { id } of await connectionsThrough(root, database.user)) {
          const isOther = others.some(({ threadId }) => threadId === id);
          if (!isOther) await root.query(`KILL ${id}`).catch(() => undefined);
        }
        await daemon.waitForLine(/WARNING .*the database has too many connections/);
        await root.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1');
      } finally {
        for (const other of others) await other.end();
        await root.query('SET GLOBAL max_connections = 151');
      }
    });
    await daemon.cleared('before');
    await daemon.waitForLine(/watching the binlog of .* again/);
    await database.raise(2);
    await daemon.cleared('meanwhile');
    expect(await fleet.restarts('before')).toBe(1);
  });

  it('R12: is read-only for a while: the clear is tried until it is taken, and nothing is restarted twice', async () => {
    const { fleet, watch, raiseAndHold } = await openScene();
    const daemon = await watch();
    await raiseAndHold('before');
    await setGlobal('read_only', 1);
    await fleet.release('before');
    const told = await daemon.waitForLine(
      /WARNING before: cannot write the clear, retrying until it succeeds: /,
    );
    expect(told.text).toMatch(/read.only.*SET GLOBAL read_only = OFF/);
    await daemon.waitForLine(/DEBUG .*before: cannot write the clear/);
    await setGlobal('read_only', 0);
    await daemon.cleared('before');
    expect(await fleet.restarts('before')).toBe(1);
  });

  it('R24, R22: lets a rotated password in after SIGHUP, and says before what is wrong', async () => {
    const { database, fleet, watch } = await openScene();
    const daemon = await watch({ monitor: { check_interval: 0.5 } });
    await database.query(`ALTER USER ${database.account} IDENTIFIED BY 'Rotated-4-good'`);
    // Connections that were made before live on.
    await database.raise(1);
    await daemon.cleared('before');
    await killConnections(database, () => true);
    await daemon.waitForLine(
      /WARNING .*the database rejects this user or password: .*; check user and password in \[database\]/,
    );
    await database.raise(2);
    await daemon.reload({ monitor: { check_interval: 0.5 }, database: { password: 'Rotated-4-good' } });
    await daemon.cleared('meanwhile');
    await daemon.waitForLine(/watching the binlog of .* again/);
    expect(await fleet.restarts('meanwhile')).toBe(1);
    expect(daemon.lines().join('\n')).not.toMatch(/Rotated-4-good/);
  });

  async function setGlobal(variable: string, value: number): Promise<void> {
    const root = await server.connect();
    const [rows] = await root.query(`SELECT @@GLOBAL.${variable} AS old`);
    const old: unknown = Array.isArray(rows) ? Reflect.get(rows[0] ?? {}, 'old') : undefined;
    await root.query(`SET GLOBAL ${variable} = ${value}`);
    await root.end();
    onTestFinished(async () => {
      const again = await server.connect();
      await again.query(`SET GLOBAL ${variable} = ?`, [old]);
      await again.end();
    });
  }

  /** Resolves when the server has thrown it out. */
  function readAsOther(database: AlarmDatabase, serverId: number): Promise<void> {
    return new Promise((resolve) => {
      openBinlog({
        connection: {
          host: server.host,
          port: server.port,
          user: database.user,
          password: database.password,
        },
        serverId,
        heartbeatMs: 1000,
        layout: {
          schema: database.name,
          statusTable: 'STATUS_PROCESS',
          processTable: 'PROCESE',
          notes: { maxLength: 100 },
          hasSound: true,
          hostIdIn: undefined,
        },
        hostId: undefined,
        versioned: new Set(),
        onActivity: () => {},
        parseOwnStatement: () => undefined,
      }).subscribe({ error: () => resolve() });
    });
  }
});

async function connectionsThrough(
  root: { query(sql: string, values: unknown[]): Promise<unknown> },
  user: string,
): Promise<readonly { readonly id: number }[]> {
  const answer = await root.query('SELECT id AS id FROM information_schema.processlist WHERE user = ?', [
    user,
  ]);
  const rows: unknown = Array.isArray(answer) ? answer[0] : [];
  return rows as { id: number }[];
}
