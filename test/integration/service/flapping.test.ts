import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseState } from '../../../src/state/saved-state.js';
import { waitFor } from '../../support/restart/wait-for.js';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Fleet } from '../../support/service/fleet.js';
import { serverKinds } from '../../support/service/server-kinds.js';

const FLAPPING = { monitor: { max_restarts: 3, restart_window: 600 } };

describeOnServers('flapping', serverKinds, ({ open }) => {
  it('R34, R11: after max_restarts restarts the next alarm opens the breaker, also of a service that was killed meanwhile', async () => {
    const { database, fleet, path, watch, watchCalmly, run, status } = await open('alpha');
    let daemon = await watchCalmly(FLAPPING);
    await answerUntil(2, database, fleet);
    await expect.poll(() => savedRestarts(path('state.json'), 'alpha')).toBe(2);
    daemon.signal('SIGKILL');
    await daemon.stop();
    daemon = await watch(FLAPPING);
    await answerUntil(3, database, fleet);
    expect((await status()).recentRestarts).toContainEqual({ systemName: 'alpha', restarts: 3, allowed: 3 });
    expect((await run('status')).stdout).toContain('alpha  3 of 3 restarts used within restart_window');
    const dryRun = await run('check', '--dry-run', 'alpha');
    expect(dryRun.stdout).toContain('3 of 3 restarts used within restart_window: it would open now');

    // While the cycle before still ends, a health check decides about the raise (R7): it agrees.
    await fleet.fallIll('alpha', 1);
    await database.raise(1);
    await daemon.waitForLine(/alpha: flapping: 3 restarts in .*; circuit breaker opened, no restart until/);
    await expect
      .poll(() => database.row(1))
      .toMatchObject({
        alarma: 1,
        notes: expect.stringMatching(/^OPEN .* flapping: 3 restarts in .*, not restarted$/),
      });
    expect(await fleet.restarts('alpha')).toBe(3);

    const reset = daemon.lines().length;
    await run('reset', 'alpha');
    await daemon.waitForLine(/alpha: alarm cleared/, { from: reset });
    expect(await fleet.restarts('alpha')).toBe(4);
  });

  it('R34, R11: reset forgets the restarts that an earlier run counted, also of a process without a breaker', async () => {
    const { database, fleet, path, watch, watchCalmly, run } = await open('alpha');
    const daemon = await watch(FLAPPING);
    await answerUntil(3, database, fleet);
    await daemon.stop();
    expect(await savedRestarts(path('state.json'), 'alpha')).toBe(3);
    await watchCalmly(FLAPPING);
    // As the column compares: the name of the row is what the restarts are counted by.
    expect(await run('reset', 'ALPHA')).toMatchObject({
      code: 0,
      stdout: 'alpha: circuit breaker closed, no failures counted\n',
    });
    await answerUntil(4, database, fleet);
    await expect.poll(() => savedRestarts(path('state.json'), 'alpha')).toBe(1);
  });
});

/**
 * Raises the alarm again and again until there were so many restarts. A health check alone answers one that comes while the
 * cycle before still ends, or the first one after a kill. The row says when a raise is answered: a line of the log may be
 * that of such a check, about the raise before.
 */
async function answerUntil(restarts: number, { raise, row }: AlarmDatabase, fleet: Fleet): Promise<void> {
  while ((await fleet.restarts('alpha')) < restarts) {
    await raise(1);
    await waitFor('the answer', async () => (await row(1)).alarma === 0);
  }
}

async function savedRestarts(file: string, systemName: string): Promise<number | undefined> {
  return parseState(await readFile(file, 'utf8')).state.restarts.get(systemName)?.length;
}
