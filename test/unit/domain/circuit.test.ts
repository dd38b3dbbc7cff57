import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asOf,
  type Circuit,
  CLOSED,
  halfOpen,
  type Outcome,
  type Permit,
  reportOutcome,
  requestPermit,
  resetCircuit,
  untilHalfOpen,
} from '../../../src/domain/cycle/circuit-breaker.js';

const LIMITS = { maxFailures: 3, resetTimeMs: 60_000 };
const YEAR_MS = 365 * 24 * 3_600_000;
const START = Date.UTC(2026, 10, 22);

describe('R9: the circuit breaker', () => {
  it('R9: opens after max_restart_failures failed cycles in a row, not before', () => {
    const two = fail(fail(CLOSED));
    expect(two).toMatchObject({ state: 'closed', failures: 2 });
    expect(fail(two)).toMatchObject({ state: 'open', failures: 3, openedAt: START });
  });

  it('R9: a success between failures zeroes the count', () => {
    const recovered = report(fail(fail(CLOSED)), 'success');
    expect(recovered).toMatchObject({ state: 'closed', failures: 0 });
    expect(fail(fail(recovered)).state).toBe('closed');
  });

  it('R9: gives no permit while it is open, and exactly one when the reset time is over', () => {
    const open = openOne();
    expect(untilHalfOpen(open, START + LIMITS.resetTimeMs - 1, LIMITS)).toBe(1);
    expect(requestPermit(open).permit).toBeUndefined();
    expect(untilHalfOpen(open, START + LIMITS.resetTimeMs, LIMITS)).toBe(0);
    const trial = requestPermit(halfOpen(open));
    expect(trial.permit).toBeDefined();
    expect(requestPermit(trial.circuit).permit).toBeUndefined();
  });

  it('R9: a reset closes it and forgets the failures; what ran then says nothing any more', () => {
    const { circuit: onTrial, permit } = takePermit(halfOpen(openOne()));
    const reset = resetCircuit(onTrial);
    expect(reset).toMatchObject({ state: 'closed', failures: 0 });
    expect(reportOutcome(reset, permit, 'failure', START, LIMITS)).toBe(reset);
    expect(fail(fail(reset))).toMatchObject({ state: 'closed', failures: 2 });
    expect(resetCircuit(fail(CLOSED))).toMatchObject({ state: 'closed', failures: 0 });
    expect(resetCircuit(CLOSED)).toBe(CLOSED);
  });

  it('R9: the failure of the trial opens it again from then, its success closes it', () => {
    const later = START + LIMITS.resetTimeMs;
    const { circuit, permit } = takePermit(halfOpen(openOne()));
    const opened = reportOutcome(circuit, permit, 'failure', later + 5000, LIMITS);
    expect(opened).toMatchObject({ state: 'open', failures: 4, openedAt: later + 5000 });
    const closed = reportOutcome(circuit, permit, 'success', later, LIMITS);
    expect(closed).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('R9: the failure of the trial opens it again, also where more failures are allowed by then', () => {
    const { circuit, permit } = takePermit(halfOpen(openOne()));
    const opened = reportOutcome(circuit, permit, 'failure', START, { ...LIMITS, maxFailures: 10 });
    expect(opened).toMatchObject({ state: 'open', failures: 4 });
  });

  it('R9, R11: a saved one is half-open for who starts when its reset time is over', () => {
    const open = openOne();
    expect(asOf(START + LIMITS.resetTimeMs - 1, open, LIMITS)).toBe(open);
    expect(asOf(START + LIMITS.resetTimeMs, open, LIMITS)).toEqual(halfOpen(open));
    expect(asOf(START + YEAR_MS, CLOSED, LIMITS)).toBe(CLOSED);
  });

  it('R9: an abandoned trial gives the trial back', () => {
    const later = START + LIMITS.resetTimeMs;
    const { circuit, permit } = takePermit(halfOpen(openOne()));
    const given = reportOutcome(circuit, permit, 'abandoned', later, LIMITS);
    expect(given).toMatchObject({ state: 'half-open', failures: 3, onTrial: false });
    expect(requestPermit(given).permit).toBeDefined();
  });

  it.each<Outcome>(['failure', 'success', 'abandoned'])(
    'R9: a late %s from before the opening changes nothing in a half-open breaker',
    (outcome) => {
      const late = takePermit(CLOSED).permit;
      const { circuit } = takePermit(halfOpen(openOne()));
      expect(reportOutcome(circuit, late, outcome, START + LIMITS.resetTimeMs, LIMITS)).toBe(circuit);
    },
  );

  it('R9: only an open breaker becomes half-open', () => {
    for (const circuit of [CLOSED, fail(CLOSED), halfOpen(openOne())])
      expect(halfOpen(circuit)).toBe(circuit);
  });

  it('R11: a wall clock that jumps by a year in either direction neither freezes it nor keeps it open', () => {
    const anyTime = fc.integer({ min: START - YEAR_MS, max: START + YEAR_MS });
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 1, max: 86_400_000 }), (now, resetTimeMs) => {
        const limits = { ...LIMITS, resetTimeMs };
        const wait = untilHalfOpen(openOne(), now, limits);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(resetTimeMs);
        // After that wait its timer has run, whatever the wall clock says then.
        expect(requestPermit(halfOpen(openOne())).permit).toBeDefined();
      }),
    );
  });

  it('R9: agrees with a plain model under any sequence of requests, late reports, time and timers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (maxFailures, steps) => {
        const run = new SideBySide({ maxFailures, resetTimeMs: LIMITS.resetTimeMs });
        for (const each of steps) run.take(each);
      }),
      { numRuns: 600 },
    );
  });
});

type Step =
  | { readonly kind: 'request' }
  | { readonly kind: 'report'; readonly which: number; readonly outcome: Outcome }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'timer' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('request' as const) }),
  fc.record({
    kind: fc.constant('report' as const),
    which: fc.nat(9),
    outcome: fc.constantFrom<Outcome>('failure', 'failure', 'success', 'abandoned'),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, 20_000, 59_999, 60_000, YEAR_MS) }),
  fc.record({ kind: fc.constant('timer' as const) }),
);

/** The breaker beside a model that keeps the rules in other terms: epochs, a streak, and who holds the one trial. */
class SideBySide {
  #circuit: Circuit = CLOSED;
  #now = START;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #epoch = 0;
  #streak = 0;
  #trialHolder: Permit | undefined;
  readonly #held: { readonly permit: Permit; readonly epoch: number }[] = [];

  constructor(private readonly limits: { maxFailures: number; resetTimeMs: number }) {}

  take(step: Step): void {
    if (step.kind === 'request') this.#request();
    else if (step.kind === 'report') this.#report(step.which, step.outcome);
    else if (step.kind === 'pass') this.#now += step.ms;
    else this.#timer();
    expect(this.#circuit.state).toBe(this.#state);
    expect(this.#circuit.failures).toBe(this.#streak);
  }

  #request(): void {
    const isAllowed = this.#state === 'closed' || (this.#state === 'half-open' && !this.#trialHolder);
    const { circuit, permit } = requestPermit(this.#circuit);
    this.#circuit = circuit;
    expect(permit !== undefined).toBe(isAllowed);
    if (!permit) return;
    this.#held.push({ permit, epoch: this.#epoch });
    if (this.#state === 'half-open') this.#trialHolder = permit;
  }

  #report(which: number, outcome: Outcome): void {
    const [reported] = this.#held.splice(which % Math.max(this.#held.length, 1), 1);
    if (!reported) return;
    this.#circuit = reportOutcome(this.#circuit, reported.permit, outcome, this.#now, this.limits);
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
    this.#circuit = halfOpen(this.#circuit);
    if (this.#state === 'open') this.#enter('half-open');
  }

  #enter(state: 'closed' | 'open' | 'half-open'): void {
    this.#state = state;
    this.#epoch += 1;
    this.#trialHolder = undefined;
  }
}

function takePermit(circuit: Circuit): { circuit: Circuit; permit: Permit } {
  const { permit, circuit: next } = requestPermit(circuit);
  if (!permit) throw new Error('no permit');
  return { circuit: next, permit };
}

function report(circuit: Circuit, outcome: Outcome): Circuit {
  const { permit, circuit: running } = takePermit(circuit);
  return reportOutcome(running, permit, outcome, START, LIMITS);
}

function fail(circuit: Circuit): Circuit {
  return report(circuit, 'failure');
}

function openOne(): Circuit {
  return fail(fail(fail(CLOSED)));
}
