import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findSpareShells } from '../../support/restart/spare-shells.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { fullDisks } from '../../support/telemetry/full-disk.js';

/** Nothing of this has to do with the kind of the server. */
describeOnServers('R13: the machine', oneServerKind, ({ open, openWith }) => {
  describe.each(fullDisks.filter(({ startsEmpty }) => startsEmpty))('with $name', (disk) => {
    it('for log and state: alarms are answered, it is told, and all is written again when there is room', async () => {
      const { database, fleet, watch, path } = await openWith({
        processes: ['alpha', 'beta', 'gamma'],
      });
      const directory = path('disk');
      disk.prepare(directory);
      onTestFinished(() => disk.remove(directory));
      const daemon = await watch({
        monitor: { state_file: `${directory}/state.json`, max_restart_failures: 1 },
        logging: { file: `${directory}/monitor_service.log` },
        'process.default': { max_attempts: 1 },
      });
      disk.fill(directory);
      await fleet.breakRestart('beta');
      await database.raise(1);
      await daemon.cleared('alpha');
      await database.raise(2);
      await daemon.waitForLine(/beta: circuit breaker opened/);
      await daemon.waitForLine(/WARNING .*cannot write the state file: ENOSPC/);
      disk.free(directory);
      await database.raise(3);
      await daemon.cleared('gamma');
      await daemon.waitForLine(/the state file can be written again/);
      expect([await fleet.restarts('alpha'), await fleet.restarts('gamma')]).toEqual([1, 1]);
      await daemon.stop();
      expect(await readdir(directory)).toEqual(expect.arrayContaining(['state.json']));
    });
  });

  it('with no descriptor left: the restart fails with its reason, and is tried again when there are some', async () => {
    const { database, fleet, watchCalmly } = await open('alpha', 'beta');
    const daemon = await watchCalmly({
      // However long it lasts, the breaker stays closed.
      monitor: { check_interval: 1, max_restart_failures: 1000 },
      'process.default': { max_attempts: 1 },
    });
    await waitFor('all spare shells', () => findSpareShells(daemon.pid).length === SPARE_SHELLS);
    const opened = await readdir(`/proc/${daemon.pid}/fd`);
    // All that it has open stays. A new one gets a number that is free, which stdin, stdout and stderr are not.
    setDescriptorLimit(daemon.pid, 3);
    // A command in the place of one needs no descriptor; new ones do.
    await killSpareShells(daemon.pid);
    await database.raise(1);
    await daemon.waitForLine(/alpha: attempt 1\/1 failed, restart: .*EMFILE/);
    expect(await fleet.restarts('alpha')).toBe(0);
    setDescriptorLimit(daemon.pid, 4096);
    await daemon.cleared('alpha');
    await database.raise(2);
    await daemon.cleared('beta');
    expect([await fleet.restarts('alpha'), await fleet.restarts('beta')]).toEqual([1, 1]);
    await waitFor('no more descriptors than before', async () => {
      const now = await readdir(`/proc/${daemon.pid}/fd`);
      return now.length <= opened.length + 2;
    });
  });
});

const SPARE_SHELLS = 3;

async function killSpareShells(owner: number): Promise<void> {
  await waitFor('their end', () => {
    const left = findSpareShells(owner);
    for (const pid of left) killIfThere(pid);
    return left.length === 0;
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function setDescriptorLimit(pid: number, limit: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`], { stdio: 'pipe' });
}
