import { describe, expect, it, onTestFinished } from 'vitest';
import type { PrivateServer } from '../../support/private-server.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds, serverKinds } from '../../support/service/server-kinds.js';

const TIMES = 4;
/** A wait that is longer than the server needs to start, on a busy machine too. */
const LONGER_THAN_A_START = {
  mariadb: /the binlog cannot be watched: .*next try in ([4-9]|\d\d)\.\d s/,
  mysql: /the binlog cannot be watched: .*next try in ([89]|\d\d)\.\d s/,
};

describeOnServers('outages', serverKinds, ({ server, kind, open }) => {
  it('R5, R6: polling catches what is raised while the stream is cut for good, and the stream comes back', async () => {
    const { database, fleet, watch } = await open('before', 'meanwhile', 'after');
    const daemon = await watch({ monitor: { check_interval: 1 } });
    await database.raise(1);
    await daemon.cleared('before');

    const grant =
      kind.options.flavour === 'mariadb'
        ? 'REPLICATION SLAVE, BINLOG MONITOR'
        : 'REPLICATION SLAVE, REPLICATION CLIENT';
    await database.query(`REVOKE ${grant} ON *.* FROM ${database.account}`);
    await killStream(database);
    const lost = await daemon.waitForLine(/binlog stream lost: .*; polling every 0.2 s/);
    const told = await daemon.waitForLine(
      /the binlog cannot be watched: .*REPLICATION SLAVE and .* not granted/,
      { from: lost.index },
    );
    expect(told.text).toContain(`GRANT ${grant} ON *.* TO ${database.account}; polling`);
    await database.raise(2);
    await daemon.waitForLine(/meanwhile: alarm seen/, { from: lost.index });
    await daemon.waitForLine(/meanwhile: alarm cleared/, { from: lost.index });

    await database.query(`GRANT ${grant} ON *.* TO ${database.account}`);
    await daemon.waitForLine(
      /watching the binlog of .* again after .* s; 1 alarm was found by polling meanwhile/,
    );
    await database.raise(3);
    await daemon.cleared('after');
    for (const name of ['before', 'meanwhile', 'after']) expect(await fleet.restarts(name)).toBe(1);
    // Once when it is lost, once when the reason is known; the tries in between are for the debug level.
    expect(
      daemon.lines().filter((line) => / WARNING .*binlog (stream lost|cannot be watched)/.test(line)),
    ).toHaveLength(2);
  });

  it('R1: nothing is lost while the stream is killed again and again', async () => {
    const names = Array.from({ length: TIMES * 3 }, (_, index) => `p${index + 1}`);
    const { database, fleet, watch } = await open(...names);
    const daemon = await watch();
    for (let time = 0; time < TIMES; time += 1) {
      const from = daemon.lines().length;
      await database.raise(time * 3 + 1);
      await killStream(database);
      await database.raise(time * 3 + 2);
      await daemon.waitForLine(/binlog stream lost/, { from });
      await database.raise(time * 3 + 3);
      await daemon.waitForLine(/watching the binlog of .* again/, { from });
    }
    for (const name of names) {
      await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
      expect(await fleet.restarts(name)).toBe(1);
    }
  });

  describe('of the database server', () => {
    it('R1: a restart of it loses no alarm', async () => {
      const { database, fleet, watch } = await open('before', 'meanwhile', 'after');
      const daemon = await watch();
      await database.raise(1);
      await daemon.cleared('before');
      await server.restart();
      await database.raise(2);
      await daemon.cleared('meanwhile');
      await daemon.waitForLine(/watching the binlog of .* again/);
      await database.raise(3);
      await daemon.cleared('after');
      for (const name of ['before', 'meanwhile', 'after']) expect(await fleet.restarts(name)).toBe(1);
    });

    it('R12: between restart and clear: the clear is tried until it is taken, and nothing is restarted twice', async () => {
      const { database, fleet, watchCalmly, raiseAndHold } = await open('alpha');
      const daemon = await watchCalmly();
      await raiseAndHold('alpha');
      await server.shutDown();
      onTestFinished(() => startAgain(server));
      await fleet.release('alpha');
      await daemon.waitForLine(/WARNING alpha: cannot write the clear, retrying until it succeeds: /);
      await server.start();
      await daemon.cleared('alpha');
      await daemon.waitForLine(/watching the binlog of .* again/);
      expect(await database.row(1)).toMatchObject({ alarma: 0 });
      expect(await fleet.restarts('alpha')).toBe(1);
      expect(
        daemon.lines().filter((line) => line.includes('cannot write the') && line.includes('WARNING')),
      ).toHaveLength(1);
    });
  });
});

describeOnServers('outages, whatever the format of the binlog', rowServerKinds, ({ server, kind, open }) => {
  it('R5: a server that freezes is noticed by its silence, and watched again when it goes on', async () => {
    const { database, watch } = await open('alpha', 'beta');
    const daemon = await watch({ binlog: { heartbeat: 1 } });
    await server.kill('SIGSTOP');
    try {
      await daemon.waitForLine(
        /binlog stream lost: the server has been silent for 3 s: not even a heartbeat arrived/,
      );
    } finally {
      await server.kill('SIGCONT');
    }
    await daemon.waitForLine(/watching the binlog of .* again/);
    await database.raise(2);
    await daemon.cleared('beta');
  });

  it('R5: the stream comes back with the first poll that succeeds, whatever its own back-off is by then', async () => {
    const { database, watch } = await open('alpha');
    const daemon = await watch();
    await server.shutDown();
    const waiting = await daemon.waitForLine(LONGER_THAN_A_START[kind.options.flavour]);
    await server.start();
    const back = await daemon.waitForLine(/watching the binlog of .* again/, { from: waiting.index });
    // Its last try, should the server have taken longer to start than the first wait lasted.
    const tries = daemon.lines().slice(waiting.index, back.index);
    const last = tries.findLast((line) => /next try in/.test(line)) ?? '';
    const [, seconds] = /next try in ([\d.]+) s/.exec(last) ?? [];
    expect(timeOf(back.text) - timeOf(last)).toBeLessThan(Number(seconds) * 1000);
    await database.raise(1);
    await daemon.cleared('alpha');
  });

  it('at the start of the daemon: it says so once, waits, and handles what stands', async () => {
    const { database, fleet, launch } = await open('standing');
    await database.raise(1);
    await server.shutDown();
    onTestFinished(() => startAgain(server));
    const daemon = await launch();
    const told = await daemon.waitForLine(/WARNING/);
    expect(told.text).toContain(
      `the binlog cannot be watched: no database server listens there: connect ECONNREFUSED 127.0.0.1:${server.port}; check that the database server runs, and host, port and socket in [database]; polling every 0.2 s, next try in 0.1 s`,
    );
    await server.start();
    await daemon.waitForLine(/watching the binlog of .* again/);
    await daemon.cleared('standing');
    expect(await fleet.restarts('standing')).toBe(1);
    expect(
      daemon.lines().filter((line) => line.includes('WARNING') && line.includes('ECONNREFUSED')),
    ).toHaveLength(1);
  });
});

/** For the tests that follow, should this one have failed. */
async function startAgain(server: PrivateServer): Promise<void> {
  await server.start().catch(() => undefined);
}

/** Ends the connections on which the daemon reads the binlog, as an administrator would. */
async function killStream(database: Scene['database']): Promise<void> {
  const list = await database.query(
    "SELECT id FROM information_schema.processlist WHERE user = ? AND command LIKE 'Binlog Dump%'",
    [database.user],
  );
  // The one of an earlier connection may have gone since.
  for (const { id } of list as { id: number }[]) await database.query(`KILL ${id}`).catch(() => undefined);
}

function timeOf(line: string): number {
  return new Date(line.slice(0, 23)).getTime();
}
