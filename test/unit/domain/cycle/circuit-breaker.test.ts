import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Breaker,
  type BreakerLimits,
  type CycleOutcome,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  type Permit,
  refreshSaved,
  reportOutcome,
  requestPermit,
  resetBreaker,
  toHalfOpen,
} from '../../../../src/domain/cycle/circuit-breaker.js';
import { BREAKER_LIMITS } from '../../../support/breaker-limits.js';

const LIMITS = { ...BREAKER_LIMITS, maxFailures: 3, resetTimeMs: 60_000 };
const YEAR_MS = 365 * 24 * 3_600_000;
const START = Date.UTC(2026, 10, 22);

describe('R9: the circuit breaker', () => {
  it('R9: opens after max_restart_failures failed cycles in a row, not before', () => {
    const two = fail(fail(INITIAL_BREAKER));
    expect(two).toMatchObject({ state: 'closed', failures: 2 });
    expect(fail(two)).toMatchObject({ state: 'open', failures: 3, openings: 1, openedAt: START });
  });

  it('R9: a success between failures zeroes the count', () => {
    const recovered = report(fail(fail(INITIAL_BREAKER)), 'success');
    expect(recovered).toMatchObject({ state: 'closed', failures: 0 });
    expect(fail(fail(recovered)).state).toBe('closed');
  });

  it('R9: gives no permit while it is open, and exactly one when the reset time is over', () => {
    const open = openOne();
    expect(msUntilHalfOpen(open, START + LIMITS.resetTimeMs - 1, LIMITS)).toBe(1);
    expect(requestPermit(open, START, LIMITS).permit).toBeUndefined();
    expect(msUntilHalfOpen(open, START + LIMITS.resetTimeMs, LIMITS)).toBe(0);
    const trial = requestPermit(toHalfOpen(open), START, LIMITS);
    expect(trial.permit).toBeDefined();
    expect(requestPermit(trial.breaker, START, LIMITS).permit).toBeUndefined();
  });

  it('R9: a reset closes it and forgets the failures; what ran then says nothing any more', () => {
    const { breaker: onTrial, permit } = takePermit(toHalfOpen(openOne()));
    const reset = resetBreaker(onTrial);
    expect(reset).toMatchObject({ state: 'closed', failures: 0 });
    expect(reportOutcome(reset, permit, 'failure', START, LIMITS)).toBe(reset);
    expect(fail(fail(reset))).toMatchObject({ state: 'closed', failures: 2 });
    expect(resetBreaker(fail(INITIAL_BREAKER))).toMatchObject({ state: 'closed', failures: 0 });
    expect(resetBreaker(INITIAL_BREAKER)).toBe(INITIAL_BREAKER);
  });

  it('R9: the failure of the trial opens it again from then, its success closes it', () => {
    const later = START + LIMITS.resetTimeMs;
    const { breaker, permit } = takePermit(toHalfOpen(openOne()));
    const opened = reportOutcome(breaker, permit, 'failure', later + 5000, LIMITS);
    expect(opened).toMatchObject({ state: 'open', failures: 4, openings: 2, openedAt: later + 5000 });
    const closed = reportOutcome(breaker, permit, 'success', later, LIMITS);
    expect(closed).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('R9: the failure of the trial opens it again, also where more failures are allowed by then', () => {
    const { breaker, permit } = takePermit(toHalfOpen(openOne()));
    const opened = reportOutcome(breaker, permit, 'failure', START, { ...LIMITS, maxFailures: 10 });
    expect(opened).toMatchObject({ state: 'open', failures: 4 });
  });

  it('R9, R11: a saved one is half-open for who starts when its reset time is over', () => {
    const open = openOne();
    expect(refreshSaved(START + LIMITS.resetTimeMs - 1, open, LIMITS)).toBe(open);
    expect(refreshSaved(START + LIMITS.resetTimeMs, open, LIMITS)).toEqual(toHalfOpen(open));
    expect(refreshSaved(START + YEAR_MS, INITIAL_BREAKER, LIMITS)).toBe(INITIAL_BREAKER);
  });

  it('R9: an abandoned trial gives the trial back', () => {
    const later = START + LIMITS.resetTimeMs;
    const { breaker, permit } = takePermit(toHalfOpen(openOne()));
    const given = reportOutcome(breaker, permit, 'abandoned', later, LIMITS);
    expect(given).toMatchObject({ state: 'half-open', failures: 3, openings: 1, onTrial: false });
    expect(requestPermit(given, START, LIMITS).permit).toBeDefined();
  });

  it.each<CycleOutcome>(['failure', 'success', 'abandoned'])(
    'R9: a late %s from before the opening changes nothing in a half-open breaker',
    (outcome) => {
      const late = takePermit(INITIAL_BREAKER).permit;
      const { breaker } = takePermit(toHalfOpen(openOne()));
      expect(reportOutcome(breaker, late, outcome, START + LIMITS.resetTimeMs, LIMITS)).toBe(breaker);
    },
  );

  it('R9: only an open breaker becomes half-open', () => {
    for (const breaker of [INITIAL_BREAKER, fail(INITIAL_BREAKER), toHalfOpen(openOne())])
      expect(toHalfOpen(breaker)).toBe(breaker);
  });

  it('R11: a wall clock that jumps by a year in either direction neither freezes it nor keeps it open', () => {
    const anyTime = fc.integer({ min: START - YEAR_MS, max: START + YEAR_MS });
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 1, max: 86_400_000 }), (now, resetTimeMs) => {
        const limits = { ...LIMITS, resetTimeMs };
        const wait = msUntilHalfOpen(openOne(), now, limits);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(resetTimeMs);
        // After that wait its timer has run, whatever the wall clock says then.
        expect(requestPermit(toHalfOpen(openOne()), START, LIMITS).permit).toBeDefined();
      }),
    );
  });

  it('R9, R34: agrees with a plain model under any sequence of requests, restarts, late reports, time and timers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(step, { maxLength: 60 }),
        (maxFailures, maxRestarts, steps) => {
          const run = new SideBySide({ ...LIMITS, maxFailures, maxRestarts, resetMaxMs: 150_000 });
          for (const each of steps) run.take(each);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('R34: a reset forgets the openings too', () => {
    const relapsed = report(toHalfOpen(openOne()), 'success');
    expect(relapsed).toMatchObject({ state: 'closed', relapse: { openings: 1, at: START } });
    expect(resetBreaker(relapsed)).toEqual({ state: 'closed', generation: 4, failures: 0 });
  });

  it('R34: restarts of a clock that was set back since do not count', () => {
    const limits = { ...LIMITS, maxRestarts: 2 };
    const future = [START + 1000, START + 2000];
    expect(requestPermit(INITIAL_BREAKER, START, limits, future).permit).toBeDefined();
    expect(requestPermit(INITIAL_BREAKER, START + 2000, limits, future)).toMatchObject({
      permit: undefined,
      breaker: { state: 'open', flapping: { restarts: 2, withinMs: 1000 } },
    });
  });
});

type Step =
  | { readonly kind: 'request' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'report'; readonly which: number; readonly outcome: CycleOutcome }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'timer' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('request' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({
    kind: fc.constant('report' as const),
    which: fc.nat(9),
    outcome: fc.constantFrom<CycleOutcome>('failure', 'failure', 'success', 'abandoned'),
  }),
  fc.record({
    kind: fc.constant('pass' as const),
    ms: fc.constantFrom(1, 20_000, 60_000, 300_000, 599_999, 600_000, YEAR_MS),
  }),
  fc.record({ kind: fc.constant('timer' as const) }),
);

/** The breaker beside a model that keeps the rules in other terms: epochs, a streak, and who holds the one trial. */
class SideBySide {
  #breaker: Breaker = INITIAL_BREAKER;
  #now = START;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #epoch = 0;
  #streak = 0;
  #trialHolder: Permit | undefined;
  /** Openings without a quiet window in between, and since when it is quiet. */
  #openings = 0;
  #quietSince = START;
  #openedAt = START;
  readonly #restarts: number[] = [];
  readonly #held: { readonly permit: Permit; readonly epoch: number }[] = [];

  constructor(private readonly limits: BreakerLimits) {}

  take(step: Step): void {
    if (step.kind === 'request') this.#request();
    else if (step.kind === 'report') this.#report(step.which, step.outcome);
    else if (step.kind === 'restart') this.#restarts.push(this.#now);
    else if (step.kind === 'pass') this.#now += step.ms;
    else this.#timer();
    expect(this.#breaker.state).toBe(this.#state);
    expect(this.#breaker.failures).toBe(this.#streak);
    // 60, 90, 135 s, and then what circuit_reset_max allows.
    const resetMs = [0, 60_000, 90_000, 135_000][this.#openings] ?? 150_000;
    const waitMs = msUntilHalfOpen(this.#breaker, this.#openedAt, this.limits);
    expect(waitMs).toBe(this.#state === 'open' ? resetMs : 0);
  }

  #request(): void {
    const { restartWindowMs, maxRestarts } = this.limits;
    const recent = this.#restarts.filter((at) => this.#now - at < restartWindowMs).length;
    const flaps = this.#state === 'closed' && maxRestarts > 0 && recent >= maxRestarts;
    if (this.#state === 'closed') {
      if (this.#now - this.#quietSince >= restartWindowMs) this.#openings = 0;
      this.#quietSince = this.#now;
    }
    const isAllowed =
      !flaps && (this.#state === 'closed' || (this.#state === 'half-open' && !this.#trialHolder));
    const { breaker, permit } = requestPermit(this.#breaker, this.#now, this.limits, this.#restarts);
    this.#breaker = breaker;
    if (flaps) this.#enter('open');
    expect(permit !== undefined).toBe(isAllowed);
    if (!permit) return;
    this.#held.push({ permit, epoch: this.#epoch });
    if (this.#state === 'half-open') this.#trialHolder = permit;
  }

  #report(which: number, outcome: CycleOutcome): void {
    const [reported] = this.#held.splice(which % Math.max(this.#held.length, 1), 1);
    if (!reported) return;
    this.#breaker = reportOutcome(this.#breaker, reported.permit, outcome, this.#now, this.limits);
    if (reported.epoch !== this.#epoch) return;
    if (this.#trialHolder === reported.permit) this.#trialHolder = undefined;
    if (outcome === 'success') {
      this.#streak = 0;
      if (this.#state === 'half-open') this.#enter('closed');
    } else if (outcome === 'failure') {
      this.#streak += 1;
      if (this.#state === 'half-open' || this.#streak >= this.limits.maxFailures) this.#enter('open');
    }
  }

  #timer(): void {
    this.#breaker = toHalfOpen(this.#breaker);
    if (this.#state === 'open') this.#enter('half-open');
  }

  #enter(state: 'closed' | 'open' | 'half-open'): void {
    this.#state = state;
    this.#epoch += 1;
    if (state === 'open') {
      this.#openings += 1;
      this.#openedAt = this.#now;
    }
    if (state === 'closed') this.#quietSince = this.#now;
    this.#trialHolder = undefined;
  }
}

function takePermit(breaker: Breaker): { breaker: Breaker; permit: Permit } {
  const { permit, breaker: next } = requestPermit(breaker, START, LIMITS);
  if (!permit) throw new Error('no permit');
  return { breaker: next, permit };
}

function report(breaker: Breaker, outcome: CycleOutcome): Breaker {
  const { permit, breaker: running } = takePermit(breaker);
  return reportOutcome(running, permit, outcome, START, LIMITS);
}

function fail(breaker: Breaker): Breaker {
  return report(breaker, 'failure');
}

function openOne(): Breaker {
  return fail(fail(fail(INITIAL_BREAKER)));
}
