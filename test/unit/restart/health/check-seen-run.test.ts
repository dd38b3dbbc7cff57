import { asyncScheduler, firstValueFrom, of } from 'rxjs';
import { expect, it } from 'vitest';
import type { RestartReport, RestartTarget } from '../../../../src/domain/cycle/restart-target.js';
import { createHealthCheck } from '../../../../src/restart/health/health-check.js';
import type { CycleEffects } from '../../../../src/streams/cycle/effects.js';
import { recheckHealth } from '../../../../src/streams/cycle/recheck.js';
import { scriptSystemd } from '../../../support/restart/scripted-systemd.js';
import { targetOf } from '../../../support/restart/target.js';

function restarted(report: Partial<RestartReport> = {}, ageMs = 0): RestartReport {
  return {
    strategy: 'service',
    unit: 'app.service',
    run: { unit: 'app.service', invocationId: 'run-1', nRestarts: 0 },
    isSelfReporting: false,
    seen: { state: 'active (running)', at: performance.now() - ageMs },
    detail: 'restarted app.service',
    ...report,
  };
}

/** The unit has failed since it was seen, so the verdict says whether systemd was asked. */
async function check(target: RestartTarget, report: RestartReport): Promise<boolean> {
  const systemd = scriptSystemd({ units: { 'app.service': { activeState: 'failed', subState: 'failed' } } });
  return (await createHealthCheck({ systemd })(target, report, { timeoutMs: 1000 })).healthy;
}

const target = targetOf('app', { restartStrategy: 'service' });

it('R21, R30: a unit that its restart has just seen up, and whose run is watched, is not asked for again', async () => {
  expect(await check(target, restarted())).toBe(true);
});

it.each<[string, RestartTarget, RestartReport]>([
  ['nobody watches its run', targetOf('app', { restartStrategy: 'service', stableForMs: 0 }), restarted()],
  [
    'it says itself when it is ready, so nobody watches its run',
    target,
    restarted({ isSelfReporting: true }),
  ],
  ['the restart has reported no run', target, (({ run, ...report }) => report)(restarted())],
  ['it was seen long ago', target, restarted({}, 200)],
])('R21: systemd is asked where %s', async (_, asked, report) => {
  expect(await check(asked, report)).toBe(false);
});

it('R7, R30: a check that comes after the first one sees the unit as it is then', async () => {
  const effects = {
    checkHealth: (asked: RestartTarget, report: RestartReport) =>
      of({ healthy: report.seen === undefined, detail: asked.systemName, reason: 'not asked' }),
    scheduler: asyncScheduler,
  } as unknown as CycleEffects;
  expect(await firstValueFrom(recheckHealth(target, effects, restarted()))).toMatchObject({ healthy: true });
});
