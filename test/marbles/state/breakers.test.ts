import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Breaker, BreakerLimits } from '../../../src/domain/cycle/circuit-breaker.js';
import { Breakers } from '../../../src/state/breakers.js';
import { BREAKER_LIMITS } from '../../support/breaker-limits.js';

const YEAR_MS = 365 * 24 * 3_600_000;

describe('R9: the breakers and their timers', () => {
  it('an open breaker becomes half-open by itself when its reset time is over', () => {
    const scene = open(1000);
    expect(scene.fail(7)).toBe('opened');
    scene.runTo(999);
    expect(scene.breakers.get(7).state).toBe('open');
    scene.runTo(1000);
    expect(scene.breakers.get(7).state).toBe('half-open');
    expect(scene.halfOpened).toEqual(['1000 7']);
  });

  it('describe says when, and nothing is due for a closed one', () => {
    const scene = open(1000);
    expect(scene.breakers.describe(7)).toEqual({ failures: 0, retryAt: 0 });
    scene.fail(7);
    scene.runTo(400);
    expect(scene.breakers.describe(7)).toEqual({ failures: 1, retryAt: 1000 });
  });

  it('each process has its own', () => {
    const scene = open(1000);
    scene.fail(7);
    scene.runTo(300);
    scene.fail(8);
    expect(scene.breakers.get(9).state).toBe('closed');
    scene.runTo(5000);
    expect(scene.halfOpened).toEqual(['1000 7', '1300 8']);
  });

  it('a request at the very moment of the reset gets no leave before the reset is told', () => {
    const scene = open(1000);
    scene.fail(7);
    // What was planned for the same moment comes before the timer or after it.
    scene.scheduler.schedule(() => {
      const permit = scene.request(7);
      expect(permit === undefined).toBe(scene.halfOpened.length === 0);
    }, 1000);
    scene.runTo(5000);
    expect(scene.halfOpened).toEqual(['1000 7']);
  });

  it.each([
    ['ahead', YEAR_MS],
    ['back', -YEAR_MS],
  ])('R9, R11: a wall clock that jumps %s by a year neither opens the gate nor freezes it', (_, jump) => {
    const scene = open(1000);
    scene.fail(7);
    scene.runTo(500);
    scene.jump(jump);
    expect(scene.request(7)).toBeUndefined();
    scene.runTo(999);
    expect(scene.request(7)).toBeUndefined();
    scene.runTo(1000);
    expect(scene.halfOpened).toEqual(['1000 7']);
    expect(scene.fail(7)).toBe('opened');
    // Jumped back since: it still never waits for longer than the reset time.
    scene.jump(-2 * jump);
    scene.breakers.reschedule();
    scene.runTo(10_000);
    expect(scene.halfOpened).toHaveLength(2);
    expect(scene.request(7)).toBeDefined();
  });

  it('a failed trial begins the reset time anew, a successful one ends it', () => {
    const scene = open(1000);
    scene.fail(7);
    scene.runTo(1500);
    expect(scene.fail(7)).toBe('opened');
    scene.runTo(2499);
    expect(scene.breakers.get(7).state).toBe('open');
    scene.runTo(2500);
    expect(scene.report(7, 'success')).toBe('closed');
    scene.runTo(10_000);
    expect(scene.halfOpened).toEqual(['1000 7', '2500 7']);
  });

  it('a success or a failure that changes no state is no transition', () => {
    const scene = open(1000, 3);
    expect([scene.fail(7), scene.report(7, 'success'), scene.fail(7), scene.fail(7), scene.fail(7)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'opened',
    ]);
  });

  it('a late report from before the opening is no transition', () => {
    const scene = open(1000);
    const late = scene.request(7);
    if (!late) throw new Error('no permit');
    scene.fail(7);
    scene.runTo(1000);
    expect(scene.breakers.report(named(7), late, 'failure')).toBeUndefined();
    expect(scene.breakers.get(7).state).toBe('half-open');
  });

  it.each([
    ['shorter', 600, 600],
    ['longer', 2000, 2000],
    ['over already', 300, 500],
  ])('R22: a reset time that a reload made %s counts from the opening', (_, resetTimeMs, dueAt) => {
    const scene = open(1000);
    scene.fail(7);
    scene.runTo(500);
    scene.limits.resetTimeMs = resetTimeMs;
    scene.breakers.reschedule();
    scene.runTo(10_000);
    expect(scene.halfOpened).toEqual([`${dueAt} 7`]);
  });

  it('R11: what an earlier run left open becomes half-open when it is due, or at once', () => {
    const saved = new Map<number, Breaker>([
      [7, { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: -400 }],
      [8, { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: -5000 }],
      [9, { state: 'closed', generation: 0, failures: 2 }],
    ]);
    const scene = open(1000, 3, saved);
    expect(scene.request(7)).toBeUndefined();
    scene.runTo(10_000);
    expect(scene.halfOpened).toEqual(['0 8', '600 7']);
    expect(scene.fail(9)).toBe('opened');
  });

  it('R11: a clock that was set back by a year while we were away does not freeze it', () => {
    const scene = open(
      1000,
      3,
      new Map([[7, { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: YEAR_MS }]]),
    );
    expect(scene.breakers.describe(7).retryAt).toBe(1000);
    scene.runTo(1000);
    expect(scene.halfOpened).toEqual(['1000 7']);
    expect(scene.request(7)).toBeDefined();
  });

  it('R11: every change is told, and the snapshot holds it', () => {
    const scene = open(1000);
    let changes = 0;
    scene.breakers.changed.subscribe(() => {
      changes += 1;
    });
    scene.request(7);
    expect(changes).toBe(0);
    scene.fail(7);
    expect(changes).toBe(1);
    expect(scene.breakers.snapshot().get(7)).toMatchObject({
      state: 'open',
      failures: 1,
      openings: 1,
      openedAt: 0,
    });
    scene.runTo(1000);
    expect(changes).toBe(2);
  });

  it('stop ends the timers', () => {
    const scene = open(1000);
    scene.fail(7);
    scene.breakers.stop();
    scene.runTo(10_000);
    expect(scene.halfOpened).toEqual([]);
  });
});

function open(resetTimeMs: number, maxFailures = 1, saved: ReadonlyMap<number, Breaker> = new Map()) {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const limits: { -readonly [K in keyof BreakerLimits]: BreakerLimits[K] } = {
    ...BREAKER_LIMITS,
    maxFailures,
    resetTimeMs,
  };
  let jumped = 0;
  // Timers run by the time that passes, whatever the wall clock says.
  scheduler.now = () => scheduler.frame + jumped;
  const breakers = new Breakers(() => limits, scheduler, saved);
  const halfOpened: string[] = [];
  breakers.halfOpened.subscribe((processId) => halfOpened.push(`${scheduler.frame} ${processId}`));
  const request = (processId: number) => breakers.request(named(processId), false).permit;
  const report = (processId: number, outcome: 'success' | 'failure') => {
    const permit = request(processId);
    if (!permit) throw new Error('no permit');
    return breakers.report(named(processId), permit, outcome);
  };
  return {
    scheduler,
    limits,
    breakers,
    halfOpened,
    request,
    report,
    fail: (processId: number) => report(processId, 'failure'),
    jump: (ms: number) => {
      jumped += ms;
    },
    runTo: (ms: number) => {
      scheduler.maxFrames = ms;
      scheduler.flush();
      scheduler.frame = ms;
    },
  };
}

function named(processId: number) {
  return { processId, systemName: `p${processId}` };
}
