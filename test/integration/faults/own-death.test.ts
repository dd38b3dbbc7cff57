import { mkdir, readFile, rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../support/daemon.js';
import { killConnections, untilWriteWaits } from '../../support/faults/connections.js';
import { isAlive } from '../../support/restart/proc.js';
import { findSpareShells } from '../../support/restart/spare-shells.js';
import { waitFor } from '../../support/restart/wait-for.js';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** At each start what stands is found, whatever the service knew when it was killed. */
describeOnServers('R11: the service gets SIGKILL', rowServerKinds, ({ open }) => {
  const openScene = (): Promise<Scene> => open('alpha');

  it('during the pre-restart command: the next one runs it again, and restarts once', async () => {
    const { database, fleet, watch, path, exists } = await openScene();
    const pre_restart_command = `echo run >> ${path('pre')}; while [ -e ${path('pre.hold')} ]; do sleep 0.02; done`;
    await mkdir(path('pre.hold'));
    const config = { 'process.alpha': { pre_restart_command } };
    const daemon = await watch(config);
    await database.raise(1);
    await waitFor('the pre-restart command', () => exists('pre'));
    await kill(daemon);
    await rm(path('pre.hold'), { recursive: true });
    const next = await watch(config);
    await next.cleared('alpha');
    expect(await readFile(path('pre'), 'utf8')).toBe('run\nrun\n');
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('R22: its spare shells end with it', async () => {
    const { watch } = await openScene();
    const daemon = await watch();
    const spares = await waitFor('spare shells', () => {
      const found = findSpareShells(daemon.pid);
      return found.length > 0 && found;
    });
    await kill(daemon);
    await waitFor('their end', async () => !(await Promise.all(spares.map(isAlive))).includes(true));
  });

  it('during the restart: the alarm stands, and the next one restarts the process', async () => {
    const { database, fleet, watch, raiseAndHold } = await openScene();
    const daemon = await watch();
    await raiseAndHold('alpha');
    await kill(daemon);
    expect(await database.row(1)).toMatchObject({ alarma: 1, notes: null });
    await fleet.release('alpha');
    const next = await watch();
    await next.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(2);
  });

  describe('after the verification, before the clear', () => {
    it('healthy: the next one clears the alarm without a restart', async () => {
      const { database, fleet, watch } = await dieBeforeTheClear();
      const next = await watch();
      await next.cleared('alpha');
      expect(await fleet.restarts('alpha')).toBe(1);
      expect(await database.row(1)).toMatchObject({ alarma: 0 });
    });

    it('ill since: the next one restarts it', async () => {
      const { fleet, watch } = await dieBeforeTheClear();
      await fleet.planChecks('alpha', [1]);
      const next = await watch();
      await next.cleared('alpha');
      expect(await fleet.restarts('alpha')).toBe(2);
    });

    it('raised again since, and ill: the next one restarts it', async () => {
      const { database, fleet, watch } = await dieBeforeTheClear();
      await database.lower(1);
      await database.raise(1);
      await fleet.planChecks('alpha', [1]);
      const next = await watch();
      await next.cleared('alpha');
      expect(await fleet.restarts('alpha')).toBe(2);
    });
  });

  describe('between the clear and the write of the state', () => {
    it('the next one restarts nothing, and a new alarm is answered', async () => {
      const { database, fleet, watchCalmly } = await dieBeforeTheStateIsWritten();
      const next = await watchCalmly();
      expect(await fleet.restarts('alpha')).toBe(1);
      await database.raise(1);
      await next.cleared('alpha');
      expect(await fleet.restarts('alpha')).toBe(2);
    });

    it('raised again since, and ill: the next one restarts it', async () => {
      const { database, fleet, watch } = await dieBeforeTheStateIsWritten();
      await database.raise(1);
      await fleet.planChecks('alpha', [1]);
      const next = await watch();
      await next.cleared('alpha');
      expect(await fleet.restarts('alpha')).toBe(2);
    });
  });

  it('with an open breaker: it is open at the next start, and nothing is restarted', async () => {
    const { database, fleet, watch, watchCalmly } = await openScene();
    const config = { monitor: { max_restart_failures: 1 }, 'process.default': { max_attempts: 1 } };
    await fleet.breakRestart('alpha');
    // A second sight of the same raise would get a health check, which says that all is well.
    const daemon = await watchCalmly(config);
    await database.raise(1);
    await daemon.waitForLine(/alpha: circuit breaker opened/);
    await untilStateSays(daemon, /"open"/);
    await kill(daemon);
    await fleet.repair('alpha');
    const next = await watch(config);
    await next.waitForLine(/alpha: not restarted: circuit breaker open until/);
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  async function dieBeforeTheClear(): Promise<Scene> {
    const scene = await openScene();
    const daemon = await scene.watch();
    await heldByLock(scene.database, async () => {
      await daemon.waitForLine(/alpha: verified healthy/);
      await untilStateSays(daemon, /"verified": \{\s*"1"/);
      await untilWriteWaits(scene.database);
      await kill(daemon);
      await untilGone(scene.database);
    });
    expect(await scene.database.row(1)).toMatchObject({ alarma: 1, notes: null });
    return scene;
  }

  async function dieBeforeTheStateIsWritten(): Promise<Scene> {
    const scene = await openScene();
    const daemon = await scene.watch();
    await heldByLock(scene.database, async () => {
      await untilStateSays(daemon, /"verified": \{\s*"1"/);
      await untilWriteWaits(scene.database);
      // A folder in its place keeps the next state from being written.
      await mkdir(scene.path('state.json.new'));
    });
    await daemon.cleared('alpha');
    await daemon.waitForLine(/cannot write the state file/);
    await kill(daemon);
    await rm(scene.path('state.json.new'), { recursive: true });
    expect(await readFile(scene.path('state.json'), 'utf8')).toMatch(/"verified": \{\s*"1"/);
    return scene;
  }

  /** Raises the alarm; the clear waits for a lock until `work` is done. */
  async function heldByLock(database: AlarmDatabase, work: () => Promise<void>): Promise<void> {
    await database.session(async (other) => {
      // Before the raise: the service may be quicker than this session.
      await other.query('LOCK TABLES STATUS_PROCESS WRITE');
      try {
        await other.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1');
        await work();
      } finally {
        await other.query('UNLOCK TABLES');
      }
    });
  }
});

async function kill(daemon: Daemon): Promise<void> {
  daemon.signal('SIGKILL');
  await daemon.exit;
}

function untilStateSays(daemon: Daemon, what: RegExp): Promise<unknown> {
  const file = daemon.configFile.replace(/config\.ini$/, 'state.json');
  return waitFor(`${what} in the state file`, async () =>
    what.test(await readFile(file, 'utf8').catch(() => '')),
  );
}

/** Its statements must not be carried out after its death: a server notices that only when the lock is given. */
async function untilGone(database: AlarmDatabase): Promise<void> {
  await waitFor(
    'the end of its connections',
    async () => (await killConnections(database, () => true)) === 0,
  );
}
