import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../../src/domain/cycle/process-settings.js';
import { msSinceBoot } from '../../../../src/lib/boot-clock.js';
import { createRestart } from '../../../../src/restart/strategies/restart.js';
import { shareRestarts } from '../../../../src/restart/strategies/shared-restarts.js';
import { Deadline } from '../../../../src/restart/systemd/deadline.js';
import { UnitJobPendingError, type UnitReport } from '../../../../src/restart/systemd/restart-unit.js';
import type { JobOutcome } from '../../../../src/restart/systemd/systemd-client.js';
import { DONE, scriptSystemd } from '../../../support/restart/scripted-systemd.js';
import { targetOf } from '../../../support/restart/target.js';

const { signal } = new AbortController();
const FAILED: JobOutcome = { outcome: 'failed', result: 'failed', reason: 'the unit failed' };

/** Two names of one unit; its jobs end when they are told to. */
function twoNames() {
  const systemd = scriptSystemd({
    units: {
      'alpha.service': { id: 'real.service' },
      'beta.service': { id: 'real.service' },
      'real.service': {},
    },
  });
  const jobs: ((outcome: JobOutcome) => void)[] = [];
  const restart = createRestart({
    systemd: {
      ...systemd,
      async restart(unit, wait) {
        const outcome = await new Promise<JobOutcome>((resolve) => jobs.push(resolve));
        return outcome.outcome === 'done' ? systemd.restart(unit, wait) : outcome;
      },
    },
  });
  const start = (name: string, since?: number, settings: Partial<ProcessSettings> = {}) =>
    restart(
      targetOf(name, { restartStrategy: 'service', ...settings }),
      signal,
      since === undefined ? {} : { since },
    );
  const job = async () => {
    while (jobs.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return jobs.shift() ?? (() => {});
  };
  return { systemd, start, job };
}

describe('R8, R30: a unit that has two names', () => {
  it('is restarted once for two alarms at the same time', async () => {
    const { systemd, start, job } = twoNames();
    const alpha = start('alpha');
    const end = await job();
    const beta = start('beta');
    end(DONE);
    expect(await alpha).toMatchObject({ unit: 'real.service', detail: 'restarted real.service' });
    expect(await beta).toEqual({ ...(await alpha), detail: 'restarted real.service, for alpha' });
    expect(systemd.calls).toEqual(['restart real.service']);
  });

  it('is not restarted again for an alarm that is older than that restart, while its run lasts', async () => {
    const { systemd, start, job } = twoNames();
    const seenAt = msSinceBoot();
    const alpha = start('alpha', seenAt);
    (await job())(DONE);
    const { run } = await alpha;
    expect(await start('beta', seenAt)).toMatchObject({ run });
    systemd.change('real.service', { invocationId: 'by somebody else' });
    const again = start('beta', seenAt);
    (await job())(DONE);
    expect((await again).detail).toBe('restarted real.service');
    expect(systemd.calls).toHaveLength(2);
  });

  it('is restarted for an alarm that is newer, and for another attempt of the same name', async () => {
    const { systemd, start, job } = twoNames();
    const seenAt = msSinceBoot();
    for (const [name, since] of [
      ['alpha', seenAt],
      ['beta', msSinceBoot() + 60_000],
      ['beta', seenAt],
    ] as const) {
      const restarting = start(name, since);
      (await job())(DONE);
      await restarting;
    }
    expect(systemd.calls).toHaveLength(3);
  });

  it('fails for both, and is restarted by the next attempt', async () => {
    const { systemd, start, job } = twoNames();
    const [alpha, beta] = [start('alpha'), start('beta')].map((result) => result.catch(String));
    (await job())(FAILED);
    expect([await alpha, await beta]).toEqual([
      expect.stringMatching(/the unit failed/),
      expect.stringMatching(/the unit failed/),
    ]);
    const again = start('beta');
    (await job())(DONE);
    await again;
    expect(systemd.calls).toEqual(['restart real.service']);
  });
});

describe('R16: two names of one unit with a restart_timeout each', () => {
  it('who has the shorter one gives up at its end, and leaves the unit alone', async () => {
    const { systemd, start, job } = twoNames();
    const alpha = start('alpha');
    const end = await job();
    const error = await start('beta', undefined, { restartTimeoutMs: 20 }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnitJobPendingError);
    expect(String(error)).toMatch(/still works on the restart of real.service for alpha: no end within/);
    end(DONE);
    await alpha;
    expect(systemd.calls).toEqual(['restart real.service']);
  });

  it('who has the longer one goes on waiting, and does not restart it again', async () => {
    const { systemd, start, job } = twoNames();
    const alpha = start('alpha').catch(String);
    const end = await job();
    const beta = start('beta');
    await new Promise((resolve) => setImmediate(resolve));
    const starting = { activeState: 'activating', subState: 'start', invocationId: 'new', job: 7 };
    systemd.change('real.service', starting);
    end({ outcome: 'unfinished', reason: 'no end within 5 s' });
    expect(await alpha).toMatch(/systemd still works on it/);
    systemd.change('real.service', { activeState: 'active', subState: 'running', job: 0 });
    expect(await beta).toMatchObject({
      run: { invocationId: 'new' },
      detail: 'real.service has come up by the restart of an earlier attempt',
    });
    expect(systemd.calls).toEqual([]);
  });
});

describe('R8, R30: the last restart of a unit', () => {
  const report = { strategy: 'service', unit: 'real.service', detail: 'restarted real.service' } as const;
  const made = (invocationId: string): UnitReport => ({
    ...report,
    run: { unit: 'real.service', invocationId, nRestarts: 0 },
    isSelfReporting: false,
  });
  const askAfter = async (invocationId: string, { since = 100, before = 'old' } = {}) => {
    let now = 150;
    let restarts = 0;
    const shared = shareRestarts(() => now);
    const ask = (by: string, read: string) =>
      shared.run(
        'real.service',
        { by, since, invocationId: read, deadline: new Deadline({ timeoutMs: 5000 }) },
        async () => {
          restarts += 1;
          return made('new');
        },
      );
    await ask('alpha', before);
    now = 200;
    await ask('beta', invocationId);
    return restarts;
  };

  it('counts for who has read its run, or the run that it has ended', async () => {
    expect(await askAfter('new')).toBe(1);
    expect(await askAfter('old')).toBe(1);
    expect(await askAfter('by somebody else')).toBe(2);
  });

  it('counts for nobody where no run is left, and whose alarm is later', async () => {
    expect(await askAfter('', { before: '' })).toBe(2);
    expect(await askAfter('new', { since: 151 })).toBe(2);
  });
});
