import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../faults/audit/evidence.js';
import { EXCUSE_KINDS, type ExcuseKind } from '../../faults/audit/excuse.js';
import { judge } from '../../faults/audit/judge.js';
import { LONGEST_WAIT_MS } from '../../faults/audit/judge-waits.js';
import { VIOLATION_KINDS, type ViolationKind } from '../../faults/audit/violation.js';
import { change, check, evidenceOf, line, restart } from './evidence.js';

type Facts = Parameters<typeof evidenceOf>[0];

interface Case {
  /** What is excused, and how that looks. */
  readonly excused: Facts;
  /** The case beside it, which differs in what the excuse rests on. */
  readonly neighbour: Facts;
  readonly violation: ViolationKind;
}

const cleared = (at: number) => change(at, 1, 0, null);
const overwritten = [change(0, 0, 1), change(90, 1, 0), change(100, 0, 1), cleared(101)];
const killed = (from: number, to: number, more: object = {}) => [
  { from, to, what: 'killed' as const, ...more },
];
const byLab = [change(0, 0, 1), change(1000, 1, 0)];
const byUs = [change(0, 0, 1), cleared(1000)];
const verifiedOnce = [restart(10, 20), check(30, 40)];
const again = [...verifiedOnce, restart(5000, 5010), check(5020, 5030)];
const standing = [change(0, 0, 1), cleared(9000)];
const putBack = (at: number) => [change(at, 0, 1, null), change(at + 100, 1, 0, null)];
const refused = (notes: string) => ({
  history: [change(0, 0, 1, 'a', { processId: 3, notes })],
  standing: new Set([3]),
});
const knew = [line(45, 'verified healthy (exit code 0), attempt 1')];
const atDeadline = [restart(10, 20), check(3010, 3019), restart(3200, 3210), check(3220, 3230)];
const gaveUp = (at: number) => [
  line(at, 'attempt 1/2 failed, health check: no answer within 3 s', 'WARNING'),
];
const unconfirmed = [{ id: 'lost', way: 'by hand', from: 999 }];

const CASES: Readonly<Record<ExcuseKind, Case>> = {
  'checked after the clear that overwrote it': {
    excused: { history: overwritten, runs: [check(50, 60), check(150, 160)] },
    // The answer to another alarm.
    neighbour: { history: overwritten, runs: [check(50, 60), restart(140, 145), check(150, 160)] },
    violation: 'cleared unanswered',
  },
  'checked after the clear and an end of the service': {
    excused: {
      history: [...overwritten, change(110, 0, 1), cleared(190)],
      runs: [check(50, 60), restart(140, 145), check(150, 160)],
      pauses: killed(105, 130),
    },
    neighbour: {
      history: [...overwritten, change(110, 0, 1), cleared(190)],
      runs: [check(50, 60), restart(140, 145), check(150, 160)],
      pauses: [{ from: 105, to: 130, what: 'frozen' }],
    },
    violation: 'cleared unanswered',
  },
  'stands, refused, with an older note': {
    excused: refused('REFUSED 1969-11-22 13:04:05 not a name'),
    neighbour: refused('too hot'),
    violation: 'lost',
  },
  'alarm taken back just before the restart': {
    excused: { history: byLab, runs: [restart(3000, 3010)] },
    neighbour: { history: byLab, runs: [restart(4000, 4010)] },
    violation: 'restart without an alarm',
  },
  'alarm taken back, the service could not hear': {
    excused: {
      history: byLab,
      runs: [restart(4000, 4010)],
      pauses: [{ from: 1500, to: 1600, what: 'cut off' }],
    },
    neighbour: {
      history: byLab,
      runs: [restart(4000, 4010)],
      pauses: [{ from: 500, to: 900, what: 'cut off' }],
    },
    violation: 'restart without an alarm',
  },
  'own clear, the service was interrupted': {
    excused: { history: byUs, runs: [...verifiedOnce, restart(1600, 1610)], pauses: killed(600, 900) },
    neighbour: {
      history: byUs,
      runs: [...verifiedOnce, restart(1600, 1610)],
      pauses: killed(1100, 1200),
    },
    violation: 'restart without an alarm',
  },
  'restart by a bad check after the alarm': {
    excused: {
      history: byUs,
      runs: [...verifiedOnce, check(1100, 1110, 1), restart(1200, 1210)],
      log: [line(1115, 'checked once more before the alarm is cleared: not healthy, exit code 1', 'WARNING')],
    },
    neighbour: { history: byUs, runs: [...verifiedOnce, check(1100, 1110, 1), restart(1200, 1210)] },
    violation: 'restart without an alarm',
  },
  'alarm put back after another had come and gone': {
    excused: {
      history: [change(0, 0, 1), cleared(100), change(200, 0, 1), change(250, 1, 0), ...putBack(300)],
      runs: [check(50, 60), check(150, 160, 1), check(310, 320)],
    },
    neighbour: {
      history: [change(0, 0, 1), cleared(100), change(200, 0, 1), change(250, 1, 0), ...putBack(300)],
      runs: [check(50, 60), check(150, 160), check(310, 320)],
    },
    violation: 'alarm without a cause',
  },
  'end of the alarm was never confirmed': {
    excused: {
      history: [change(0, 0, 1), change(1000, 1, 0, 'lost')],
      commitList: unconfirmed,
      runs: [restart(6900, 6910)],
    },
    neighbour: { history: byLab, runs: [restart(6900, 6910)] },
    violation: 'restart without an alarm',
  },
  'verified at the deadline of its attempt': {
    excused: { history: standing, runs: atDeadline, log: gaveUp(3021) },
    // Given up long before the deadline, in spite of what the check had found.
    neighbour: { history: standing, runs: again, log: gaveUp(45) },
    violation: 'restarted again although verified',
  },
  'verified, the service ended before it knew': {
    excused: { history: standing, runs: again, pauses: killed(60, 1000) },
    neighbour: { history: standing, runs: again, pauses: killed(600, 1000) },
    violation: 'restarted again although verified',
  },
  'verified, killed before it was written': {
    excused: { history: standing, runs: again, log: knew, pauses: killed(300, 1000, { savedAt: 44 }) },
    // The file was written afterwards, and does not have it.
    neighbour: { history: standing, runs: again, log: knew, pauses: killed(900, 1000, { savedAt: 800 }) },
    violation: 'restarted again although verified',
  },
  'verified, stood still when the check ended': {
    excused: { history: standing, runs: again, pauses: [{ from: 35, to: 500, what: 'frozen' }] },
    neighbour: { history: standing, runs: again, pauses: [{ from: 2000, to: 3000, what: 'frozen' }] },
    violation: 'restarted again although verified',
  },
};

describe('what excuses a violation, and not the one beside it', () => {
  it.each(EXCUSE_KINDS)('%s', (kind) => {
    const { excused, neighbour, violation } = CASES[kind];
    const audit = judge(evidenceOf(excused));
    expect(audit.violations).toEqual([]);
    expect(audit.excuses.map((excuse) => excuse.kind)).toEqual([kind]);
    expect(judge(evidenceOf(neighbour)).violations.map((one) => one.kind)).toContain(violation);
  });

  it('a row change that was held up: excused after the one more check alone', () => {
    const pauses = [{ from: 900, to: 3500, what: 'cut off' as const }];
    const judgeWith = (...runs: Evidence['runs']) =>
      judge(evidenceOf({ history: byUs, pauses, runs: [...verifiedOnce, ...runs] }));
    const kind = 'own clear, the service was interrupted';
    expect(judgeWith(check(3100, 3110), restart(3600, 3610))).toMatchObject({
      violations: [],
      excuses: [{ kind }],
    });
    const violations = [{ kind: 'restart without an alarm' }];
    expect(judgeWith(restart(3600, 3610))).toMatchObject({ violations });
    expect(judgeWith(check(3100, 3110), restart(9600, 9610))).toMatchObject({ violations });
  });

  it('a verified process: what the service knew, and what the file had, is excused by no end of it', () => {
    const facts = { history: standing, runs: again, log: knew };
    const kindsWith = (pauses: Evidence['pauses']) =>
      judge(evidenceOf({ ...facts, pauses })).violations.map(({ kind }) => kind);
    const violation = ['restarted again although verified'];
    expect(kindsWith([{ from: 60, to: 1000, what: 'stopped' }])).toEqual(violation);
    expect(kindsWith([{ from: 60, to: 1000, what: 'frozen' }])).toEqual(violation);
    expect(kindsWith(killed(60, 1000, { saved: [1] }))).toEqual(violation);
    expect(kindsWith(killed(3000, 3500))).toEqual(violation);
  });
});

const PLANTED: Readonly<Record<ViolationKind, Facts>> = {
  lost: { history: [change(0, 0, 1)], standing: new Set([1]) },
  'left waiting': { history: [change(0, 0, 1), change(LONGEST_WAIT_MS + 1, 1, 0)] },
  'cleared unanswered': { history: [change(0, 0, 1), cleared(50)] },
  'overlapping restarts': {
    history: [change(0, 0, 1), change(900, 1, 0)],
    runs: [restart(10, 30), restart(20, 40)],
  },
  'restart without an alarm': { runs: [restart(10, 20)] },
  'alarm without a cause': { history: [change(0, 0, 1, null), change(50, 1, 0)] },
  'restarted again although verified': {
    history: [change(0, 0, 1), change(9000, 1, 0)],
    runs: [restart(10, 20), check(30, 40), restart(50, 60)],
  },
  'more at once than allowed': { runs: ['a', 'b', 'c'].map((name) => restart(1, 9, name)) },
  'restart while its breaker was open': {
    history: [change(0, 0, 1), cleared(1000)],
    runs: [restart(300, 310), check(400, 410)],
    log: [line(100, 'flapping: 2 restarts in 3 s; circuit breaker opened, no restart until x', 'ERROR')],
  },
  'wrong name': {
    runs: [restart(100, 110, 'was')],
    renames: {
      spans: [
        { processId: 9001, name: 'was', from: 0, to: 50 },
        { processId: 9001, name: 'is', from: 50, to: Number.POSITIVE_INFINITY },
      ],
      raises: [{ processId: 9001, from: 60, to: 61 }],
    },
  },
  'left behind': { leftBehind: ['7 connections'] },
  'history is wrong': { history: [change(0, 0, 0, 'a', { place: 2 })] },
};

describe('each number that must be 0 can be another', () => {
  it.each(VIOLATION_KINDS)('%s', (kind) => {
    expect(judge(evidenceOf(PLANTED[kind])).violations.map((one) => one.kind)).toEqual([kind]);
  });
});

describe('the name of a process that is renamed after its raise', () => {
  const renames = {
    spans: [
      { processId: 9001, name: 'was', from: 0, to: 150 },
      { processId: 9001, name: 'is', from: 150, to: Number.POSITIVE_INFINITY },
    ],
    raises: [
      { processId: 9001, from: 60, to: 61 },
      { processId: 9001, from: 160, to: 161 },
    ],
  };
  const kinds = (exitCode: number, log: readonly string[] = []): string[] =>
    judge(
      evidenceOf({
        renames,
        log,
        runs: [
          restart(100, 110, 'was'),
          { ...check(111, 112, exitCode), name: 'was' },
          // Of another process, which is never renamed.
          restart(120, 125),
          check(126, 127),
          restart(200, 210, 'was'),
        ],
      }),
    ).violations.map(({ kind }) => kind);

  it('is still the right one for the next attempt of the cycle', () => {
    expect(kinds(7)).not.toContain('wrong name');
  });

  it('is the right one for the next run of the service, where this one was killed before the clear', () => {
    expect(kinds(0)).not.toContain('wrong name');
  });

  it('is a wrong one where the alarm of the restart before was cleared', () => {
    expect(kinds(0, [line(115, 'alarm cleared in 9 ms', 'INFO', 'was')])).toContain('wrong name');
    expect(kinds(0, [line(115, 'alarm cleared in 9 ms', 'INFO', 'other')])).not.toContain('wrong name');
    expect(kinds(0, [line(205, 'alarm cleared in 9 ms', 'INFO', 'was')])).not.toContain('wrong name');
  });
});
