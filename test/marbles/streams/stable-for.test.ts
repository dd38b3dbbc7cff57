import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, SETTINGS, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const HOUR_MS = 3_600_000;
const SUCCESS = ['detected', 'attempt-started', 'restarted', 'verified', 'cleared'];

/** Process 7 is raised at 0 and its restart has ended at 12. */
function restarted(stableForMs: number, options: WorldOptions = {}): Pipeline {
  const pipeline = new Pipeline({
    ...options,
    settings: { maxAttempts: 1, ...options.settings, stableForMs },
  });
  return pipeline.at(0, () => pipeline.raise(7));
}

const checkTimes = (pipeline: Pipeline): number[] => pipeline.checks.map(({ at }) => at);

describe('R30: stable_for', () => {
  it.each(['restart', 'look', 'nobody'] as const)(
    'a success is one only when the time is over, counted from the restart (run told by %s)',
    (toldBy) => {
      const pipeline = restarted(500, {
        run: () => ({ toldBy }),
        health: () => ({ takesMs: 100, verdict: HEALTHY }),
      });
      pipeline.runTo(5000);
      expect(pipeline.story(7).slice(2)).toEqual(['12 restarted', '512 verified', '514 cleared']);
      expect(checkTimes(pipeline)).toEqual([112]);
    },
  );

  it('longer than 1 s, the health is checked again at the end', () => {
    const pipeline = restarted(5000);
    pipeline.runTo(10_000);
    expect(checkTimes(pipeline)).toEqual([13, 5013]);
    expect(pipeline.story(7).slice(3)).toEqual(['5013 verified', '5015 cleared']);
  });

  it('1 s or shorter, it is not', () => {
    const pipeline = restarted(1000);
    pipeline.runTo(10_000);
    expect(checkTimes(pipeline)).toEqual([13]);
    expect(pipeline.types(7)).toEqual(SUCCESS);
  });

  it('0: nothing is waited for', () => {
    const pipeline = restarted(0, { run: () => ({ endsAfterMs: 1 }) });
    pipeline.runTo(1000);
    expect(pipeline.story(7).slice(3)).toEqual(['13 verified', '15 cleared']);
  });

  it.each(['restart', 'look'] as const)(
    'a daemon that dies 2 s after its start is a failed attempt, at once (run told by %s)',
    (toldBy) => {
      const pipeline = restarted(5000, { run: () => ({ endsAfterMs: 2000, toldBy }) });
      pipeline.runTo(20_000);
      expect(pipeline.story(7).slice(3)).toEqual(['2012 attempt-failed', '2012 exhausted', '2014 noted']);
      expect(pipeline.events.at(-1)).toMatchObject({
        notes: expect.stringContaining('it did not keep running: exit 1 (verify, 1 attempt)'),
      });
    },
  );

  it('the end of a run that the restart told of ends the attempt also before the first healthy check', () => {
    const pipeline = restarted(5000, {
      run: () => ({ endsAfterMs: 2000 }),
      health: () => ({ takesMs: 1, verdict: UNHEALTHY }),
    });
    pipeline.runTo(20_000);
    expect(pipeline.story(7)).toContain('2012 attempt-failed');
  });

  it('where the run cannot be told the second check alone decides', () => {
    const run = () => ({ endsAfterMs: 2000, toldBy: 'nobody' as const });
    const well = restarted(3000, { run }).runTo(20_000);
    expect(well.types(7)).toEqual(SUCCESS);
    const ill: Pipeline = restarted(3000, {
      run,
      health: () => ({ takesMs: 1, verdict: ill.now > 2000 ? UNHEALTHY : HEALTHY }),
    });
    ill.runTo(20_000);
    expect(ill.story(7)).toContain('3013 attempt-failed');
  });

  it('one check at the end: it is not repeated until it is healthy', () => {
    const pipeline: Pipeline = restarted(3000, {
      health: () => ({ takesMs: 1, verdict: pipeline.now === 3012 ? UNHEALTHY : HEALTHY }),
    });
    pipeline.runTo(20_000);
    expect(pipeline.story(7).slice(3, 4)).toEqual(['3013 attempt-failed']);
  });

  it('a process that becomes healthy later than that has been waited for', () => {
    const pipeline: Pipeline = restarted(1500, {
      health: () => ({ takesMs: 1, verdict: pipeline.now < 3000 ? UNHEALTHY : HEALTHY }),
    });
    pipeline.runTo(20_000);
    expect(pipeline.story(7).slice(3, 4)).toEqual(['3013 verified']);
  });

  it('a raise brings the check forward: who is not healthy any more has failed at once', () => {
    const pipeline: Pipeline = restarted(60_000, {
      health: () => ({ takesMs: 1, verdict: pipeline.now > 5000 ? UNHEALTHY : HEALTHY }),
    });
    pipeline.at(9000, () => pipeline.lower(7)).at(10_000, () => pipeline.raise(7));
    pipeline.runTo(11_000);
    expect(checkTimes(pipeline).slice(0, 2)).toEqual([13, 10_002]);
    expect(pipeline.story(7)).toContain('10002 attempt-failed');
  });

  it('a raise of a process that is healthy still waits for the end, with one more check there', () => {
    const pipeline = restarted(20_000);
    pipeline.at(9000, () => pipeline.lower(7)).at(10_000, () => pipeline.raise(7));
    pipeline.runTo(60_000);
    expect(checkTimes(pipeline).slice(0, 3)).toEqual([13, 10_002, 20_013]);
    // The raise gets the health check of its own (R7).
    expect(pipeline.types(7).slice(3)).toEqual(['verified', 'detected', 'rechecked', 'cleared']);
  });

  it('the end of the run after a check that was brought forward is seen', () => {
    const pipeline = restarted(20_000, { run: () => ({ endsAfterMs: 15_000, toldBy: 'look' }) });
    pipeline.at(9000, () => pipeline.lower(7)).at(10_000, () => pipeline.raise(7));
    pipeline.runTo(16_000);
    expect(pipeline.story(7)).toContain('15012 attempt-failed');
  });

  it.each([
    ['forward', HOUR_MS],
    ['back', -HOUR_MS],
  ])(
    'a wall clock that is set %s during the first check neither ends the wait nor makes it longer',
    (_, byMs) => {
      const health = () => ({ takesMs: 100, verdict: HEALTHY });
      const ill = restarted(60_000, { health, run: () => ({ endsAfterMs: 5000, toldBy: 'look' }) });
      ill.at(50, () => ill.setWallClock(byMs)).runTo(20_000);
      expect(ill.types(7).slice(3)).toEqual(['attempt-failed', 'exhausted', 'noted']);
      const well = restarted(60_000, { health });
      well.at(50, () => well.setWallClock(byMs)).runTo(70_000);
      expect(checkTimes(well)).toEqual([112, 60_112]);
      expect(well.types(7)).toEqual(SUCCESS);
    },
  );

  it.each([
    ['forward', HOUR_MS],
    ['back', -HOUR_MS],
  ])('a wall clock that is set %s during a check that a raise brought forward changes nothing', (_, byMs) => {
    const pipeline = restarted(20_000);
    pipeline
      .at(9000, () => pipeline.lower(7))
      .at(10_000, () => pipeline.raise(7))
      .at(10_001, () => pipeline.setWallClock(byMs))
      .runTo(60_000);
    expect(checkTimes(pipeline).slice(0, 3)).toEqual([13, 10_002, 20_013]);
  });

  it('R8: no slot is held meanwhile, and the system name is', () => {
    const pipeline = restarted(10_000, { maxParallel: 1 });
    pipeline.at(100, () => pipeline.raise(8)).runTo(30_000);
    expect(pipeline.restarts.map(({ from }) => from)).toEqual([2, 102]);
    for (const { besides } of pipeline.runs) expect(besides).toEqual([]);
  });

  it('R8: waiting for a slot before the second check fails nobody', () => {
    const pipeline = restarted(2000, {
      maxParallel: 1,
      restart: ({ systemName }) => ({ takesMs: systemName === 'p8' ? 60_000 : 10 }),
    });
    pipeline.at(1000, () => pipeline.raise(8)).runTo(100_000);
    expect(pipeline.story(7).slice(3, 4)).toEqual(['61004 verified']);
  });
});

describe('R30: without the key', () => {
  const { stableForMs: _, ...settings } = SETTINGS;

  it.each([
    ['half a second', false, 512],
    ['nothing, for a unit that says itself when it is ready or done', true, 13],
  ])('it is %s', (_name, isSelfReporting, verifiedAt) => {
    for (const toldBy of ['restart', 'look'] as const) {
      const pipeline = new Pipeline({
        sections: new Map([['p7', settings]]),
        run: () => ({ isSelfReporting, toldBy }),
      });
      pipeline.at(0, () => pipeline.raise(7)).runTo(5000);
      expect(pipeline.story(7)).toContain(`${verifiedAt} verified`);
    }
  });

  it('a value in the file holds for such a unit too', () => {
    const pipeline = restarted(500, { run: () => ({ isSelfReporting: true }) });
    pipeline.runTo(5000);
    expect(pipeline.story(7)).toContain('512 verified');
  });
});

describe('R22, R30: a stop of the service in stable_for', () => {
  it('ends the wait: restarted, not proven, nothing is written, and the breaker counts nothing', () => {
    const pipeline = restarted(60_000);
    pipeline.at(5000, () => pipeline.stop()).runTo(6000);
    expect(pipeline.story(7).slice(3)).toEqual(['5000 unproven']);
    expect(pipeline.completed).toBe(true);
    expect(pipeline.table.standing()).toEqual([7]);
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('also when it came before: a restart that runs may end, and is not waited for', () => {
    const pipeline = restarted(60_000, { restart: () => ({ takesMs: 3000 }) });
    pipeline.at(1000, () => pipeline.stop()).runTo(6000);
    expect(pipeline.story(7).slice(2)).toEqual(['3002 restarted', '3003 unproven']);
  });

  it('R11: the next run begins with a health check, not with a restart', () => {
    const pipeline = new Pipeline({ unprovenBefore: [7] });
    pipeline.raiseUnlogged(7);
    pipeline.at(10, () => pipeline.reconcileRequests.next('reconnect')).runTo(5000);
    expect(pipeline.types(7)).toEqual(['rechecked', 'cleared']);
    expect(pipeline.restarts).toEqual([]);
  });
});
