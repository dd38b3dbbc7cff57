import { expect, it, onTestFinished } from 'vitest';
import { Crew } from '../../support/faults/crew.js';
import { startTcpProxy, type TcpProxy } from '../../support/faults/tcp-proxy.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const NAMES = ['before', 'meanwhile', 'after'];
const TIMES = 5;

/** The daemon reaches the server through a network of the test; who raises alarms does not. */
describeOnServers('the network to the server', rowServerKinds, ({ server, openWith }) => {
  it('R1: resets every connection, again and again: no alarm is lost', async () => {
    const { network, scene, config } = await openNetwork([]);
    const daemon = await scene.watch(config);
    const crew = new Crew(scene, daemon);
    for (let time = 0; time < TIMES; time += 1) {
      const from = daemon.lines().length;
      const before = await crew.raiseOne();
      network.resetAll();
      const after = await crew.raiseOne();
      await daemon.waitForLine(/binlog stream lost: .*broke/, { from });
      await daemon.waitForLine(/watching the binlog of .* again/, { from });
      await crew.expectAnswered(before);
      await crew.expectAnswered(after);
    }
  });

  it('R1, R12: resets them while the clear is on its way: it is written, and nothing is restarted twice', async () => {
    const { network, scene, config } = await openNetwork();
    const daemon = await scene.watch(config);
    await scene.fleet.hold('before');
    await scene.database.raise(1);
    await scene.fleet.begun('before');
    network.freeze();
    await scene.fleet.release('before');
    await daemon.waitForLine(/before: verified healthy/);
    network.resetAll();
    await network.heal();
    await daemon.cleared('before');
    expect(await scene.fleet.restarts('before')).toBe(1);
    expect(await scene.database.row(1)).toMatchObject({ alarma: 0 });
  });

  it('R5: swallows everything: the watchdog notices, and what was raised is found when it is healed', async () => {
    const { network, scene, config } = await openNetwork();
    // Short for this one alone: on a busy machine a stream that has only this long may be lost for no other reason.
    const daemon = await scene.watch({ ...config, binlog: { heartbeat: 0.5 } });
    await scene.database.raise(1);
    await daemon.cleared('before');
    network.swallow();
    await scene.database.raise(2);
    const lost = await daemon.waitForLine(/binlog stream lost: the server has been silent for 1.5 s/);
    await network.heal();
    await daemon.waitForLine(/meanwhile: alarm cleared/, { from: lost.index });
    await daemon.waitForLine(/watching the binlog of .* again/, { from: lost.index });
    await scene.database.raise(3);
    await daemon.cleared('after');
    for (const name of NAMES) expect(await scene.fleet.restarts(name)).toBe(1);
  });

  it('R1: is slow (5 KB/s): alarms come late, and none is lost', async () => {
    const { network, scene, config } = await openNetwork();
    const daemon = await scene.watch(config);
    network.slowDown(5000);
    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    for (const name of NAMES) await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
    await network.heal();
    for (const name of NAMES) expect(await scene.fleet.restarts(name)).toBe(1);
    expect(await scene.database.query('SELECT 1 FROM STATUS_PROCESS WHERE alarma = 1')).toEqual([]);
  });

  it('is slow (5 KB/s): an alarm that its own transaction takes back never stood', async () => {
    const { network, scene, config } = await openNetwork();
    const daemon = await scene.watchCalmly(config);
    network.slowDown(5000);
    await scene.database.session(async (connection) => {
      await connection.query('START TRANSACTION');
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1');
      // A statement in the binlog, between the rows.
      await connection.query('SAVEPOINT half');
      // Seconds of rows between the raise and the taking back.
      for (let number = 0; number < 40; number += 1) {
        const notes = String(number).padStart(90, '.');
        await connection.query('UPDATE STATUS_PROCESS SET notes = ? WHERE process_id = 2', [notes]);
      }
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 1');
      await connection.query('COMMIT');
    });
    await scene.database.raise(3);
    await daemon.waitForLine(/ after: alarm seen \(binlog\)/);
    await daemon.cleared('after');
    await network.heal();
    expect(await scene.fleet.restarts('before')).toBe(0);
    expect(daemon.lines().filter((line) => line.includes(' before: '))).toEqual([]);
  });

  it('R5: refuses connections: it is told once, and all is well when it lets us through', async () => {
    const { network, scene, config } = await openNetwork();
    const daemon = await scene.watch(config);
    await network.refuse();
    network.resetAll();
    await daemon.waitForLine(/WARNING .*the binlog cannot be watched: no database server listens there/);
    await scene.database.raise(1);
    await daemon.waitForLine(/DEBUG .*the binlog cannot be watched/);
    await network.heal();
    await daemon.cleared('before');
    await daemon.waitForLine(/watching the binlog of .* again/);
    expect(await scene.fleet.restarts('before')).toBe(1);
    const warnings = daemon
      .lines()
      .filter((line) => / WARNING .*no database server listens there/.test(line));
    expect(warnings).toHaveLength(1);
  });

  async function openNetwork(processes = NAMES): Promise<{
    network: TcpProxy;
    scene: Scene;
    config: Record<string, Record<string, string | number>>;
  }> {
    const network = await startTcpProxy(server.port);
    onTestFinished(() => network.close());
    const scene = await openWith({ processes });
    return { network, scene, config: { database: { port: network.port } } };
  }
});
