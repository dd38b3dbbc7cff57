import { describe, expect, it } from 'vitest';
import { findAlarms } from '../../faults/audit/alarms.js';
import type { Evidence } from '../../faults/audit/evidence.js';
import { FOLLOW_UP_MS } from '../../faults/audit/how-answered.js';
import { judge } from '../../faults/audit/judge.js';
import { countFlapping, findRestartsWhileOpen, OPEN_MS } from '../../faults/audit/judge-breakers.js';
import { LONGEST_WAIT_MS } from '../../faults/audit/judge-waits.js';
import type { Violation } from '../../faults/audit/violation.js';
import { NEWS_MS, STALE_MS } from '../../faults/audit/why-restarted.js';
import { change, check, evidenceOf, line, restart } from './evidence.js';

function kindsOf(evidence: Evidence): string[] {
  return judge(evidence).violations.map(({ kind }) => kind);
}

describe('the alarms of a history', () => {
  it('what stands before and after a transaction is one alarm, whatever happened in between', () => {
    const history = [
      change(0, 0, 1, 'a'),
      change(10, 1, null, 'b'),
      change(11, null, 1, 'b'),
      change(20, 0, 1, 'c'),
      change(30, 1, 0, null),
    ];
    expect(findAlarms(history, evidenceOf().commits)).toMatchObject([
      { raisedAt: 0, raisedBy: 'lab', end: { by: 'us', from: 30 } },
    ]);
  });

  it('raised and taken back in one transaction: there was none', () => {
    expect(findAlarms([change(0, 0, 1, 'a'), change(1, 1, 0, 'a')], evidenceOf().commits)).toEqual([]);
  });

  it('a table that is gone ends its alarms', () => {
    const history = [change(0, 0, 1), change(9, null, null, 'drop', { what: 'gone' }), change(20, null, 1)];
    expect(findAlarms(history, evidenceOf().commits)).toMatchObject([
      { raisedAt: 0, end: { by: 'lab' } },
      { raisedAt: 20 },
    ]);
  });

  it('it was raised no sooner than its commit was sent', () => {
    const { commits } = evidenceOf({ commitList: [{ id: 'xa', way: 'XA', from: 500, to: 510 }] });
    expect(findAlarms([change(0, 0, 1, 'xa')], commits)).toMatchObject([{ raisedAt: 500, way: 'XA' }]);
  });
});

describe('the audit of alarms', () => {
  const raised = () => change(100, 0, 1);
  const cleared = (at: number) => change(at, 1, 0, null);

  it('restarted, verified, cleared: answered', () => {
    const evidence = evidenceOf({
      history: [raised(), cleared(300)],
      runs: [restart(150, 160), check(200, 210)],
    });
    expect(judge(evidence)).toMatchObject({ committed: 1, answered: 1, violations: [] });
  });

  it.each([
    ['without any check', []],
    ['after a check that began before it was raised', [check(90, 210)]],
    ['after a check that failed', [check(150, 160, 1)]],
    ['before the check had ended', [check(150, 400)]],
    ['after a healthy check and a restart since', [check(120, 130), restart(150, 160)]],
    ['after a healthy check and a bad one since', [check(120, 130), check(150, 160, 1)]],
  ])('cleared %s: unanswered', (_, runs) => {
    expect(kindsOf(evidenceOf({ history: [raised(), cleared(300)], runs }))).toEqual(['cleared unanswered']);
  });

  it('an alarm that our clear overwrote is answered by a check soon after', () => {
    const history = [change(0, 0, 1), change(90, 1, 0), raised(), cleared(101)];
    expect(kindsOf(evidenceOf({ history, runs: [check(50, 60), check(150, 160)] }))).toEqual([]);
    expect(
      kindsOf(evidenceOf({ history, runs: [check(50, 60), check(102 + FOLLOW_UP_MS, 99_000)] })),
    ).toEqual(['cleared unanswered']);
  });

  it('and later where the service could not run meanwhile', () => {
    const history = [raised(), cleared(101)];
    const late = 101 + FOLLOW_UP_MS + 500;
    const pauses = [{ from: 200, to: 1200, what: 'killed' as const }];
    const runs = [check(50, 60), check(late, late + 1)];
    expect(kindsOf(evidenceOf({ history, pauses, runs }))).toEqual([]);
    expect(kindsOf(evidenceOf({ history, runs }))).toEqual(['cleared unanswered']);
  });

  it('a clear without a healthy process before it is excused by no check after it', () => {
    const history = [raised(), cleared(101)];
    expect(kindsOf(evidenceOf({ history, runs: [check(150, 160)] }))).toEqual(['cleared unanswered']);
    expect(kindsOf(evidenceOf({ history, runs: [check(50, 60, 1), check(150, 160)] }))).toEqual([
      'cleared unanswered',
    ]);
  });

  it('still standing: lost; of a process that cannot be restarted: not, where the row says why', () => {
    expect(kindsOf(evidenceOf({ history: [raised()], standing: new Set([1]) }))).toEqual(['lost']);
    const lame = (notes: string | null) =>
      evidenceOf({ history: [change(0, 0, 1, 'a', { processId: 2, notes })], standing: new Set([2]) });
    expect(kindsOf(lame(null))).toEqual(['lost']);
    expect(judge(lame('FAILED 2026-11-22 13:04:05 restart'))).toMatchObject({
      standingWithReason: 1,
      violations: [],
    });
    expect(kindsOf(lame('FAILED 1969-11-22 13:04:05 restart'))).toEqual(['lost']);
  });

  it('an alarm may wait, but not for ever; time in which the service could not work does not count', () => {
    const late = 100 + LONGEST_WAIT_MS + 50;
    const facts = { history: [raised(), change(late + 20, 1, 0)], runs: [restart(late, late + 10)] };
    const pauses = [{ from: 200, to: 300, what: 'stopped' as const }];
    expect(kindsOf(evidenceOf(facts))).toEqual(['left waiting']);
    expect(judge(evidenceOf({ ...facts, pauses }))).toMatchObject({
      longestWaitMs: LONGEST_WAIT_MS - 50,
      violations: [],
    });
  });

  it('taken back by somebody: nothing is owed', () => {
    expect(judge(evidenceOf({ history: [raised(), change(200, 1, 0)] }))).toMatchObject({
      withdrawn: 1,
      violations: [],
    });
  });
});

describe('the audit of restarts', () => {
  const standing = [change(0, 0, 1)];

  it('two of one process at once', () => {
    const runs = [restart(100, 200), restart(150, 250)];
    expect(kindsOf(evidenceOf({ history: standing, standing: new Set([1]), runs }))).toContain(
      'overlapping restarts',
    );
    const open = [restart(100), restart(150, 250)];
    expect(kindsOf(evidenceOf({ history: standing, standing: new Set([1]), runs: open }))).toContain(
      'overlapping restarts',
    );
  });

  it('more than max_parallel_restarts at once', () => {
    const runs = ['a', 'b', 'c'].map((name) => restart(100, 200, name));
    expect(kindsOf(evidenceOf({ runs }))).toEqual(['more at once than allowed']);
  });

  it('without an alarm; news of its end may take a moment, and longer where the service stood still', () => {
    const history = [change(0, 0, 1), change(1000, 1, 0)];
    const at = (begin: number, pauses: Evidence['pauses'] = []) =>
      kindsOf(evidenceOf({ history, pauses, runs: [restart(begin, begin + 1)] }));
    expect(kindsOf(evidenceOf({ runs: [restart(100, 200)] }))).toEqual(['restart without an alarm']);
    expect(at(1001 + STALE_MS - 2)).toEqual([]);
    expect(at(1001 + STALE_MS + 2)).toEqual(['restart without an alarm']);
    const pauses = [
      { from: 2000, to: 3000, what: 'frozen' as const },
      { from: 2500, to: 3000, what: 'cut off' as const },
    ];
    expect(at(1000 + NEWS_MS + 990, pauses)).toEqual([]);
    expect(at(1000 + NEWS_MS + 1010, pauses)).toEqual(['restart without an alarm']);
  });

  it('what the service has cleared itself it knows to be gone', () => {
    const history = [change(0, 0, 1), change(1000, 1, 0, null)];
    const runs = [restart(10, 20), check(30, 40), restart(1100, 1110)];
    expect(kindsOf(evidenceOf({ history, runs }))).toEqual(['restart without an alarm']);
  });

  it('a bad check of long ago is no reason, nor is one that the log does not know as the one more check', () => {
    const history = [change(0, 0, 1), change(1000, 1, 0)];
    const log = [line(910, 'alarm raised again meanwhile: not healthy, exit code 1')];
    const runs = (begin: number) => [check(900, 905, 1), restart(begin, begin + 1)];
    expect(kindsOf(evidenceOf({ history, log, runs: runs(9000) }))).toEqual([]);
    expect(kindsOf(evidenceOf({ history, runs: runs(9000) }))).toEqual(['restart without an alarm']);
    expect(kindsOf(evidenceOf({ history, log, runs: runs(60_000) }))).toEqual(['restart without an alarm']);
  });

  it('an alarm that the service makes up', () => {
    const invented = [change(0, 0, 1), change(100, 1, 0, null), change(200, 0, 1, null), change(300, 1, 0)];
    const runs = [check(50, 60), check(150, 160)];
    expect(kindsOf(evidenceOf({ history: invented, runs }))).toEqual(['alarm without a cause']);
    const ill = [check(50, 60), check(150, 160, 1)];
    expect(kindsOf(evidenceOf({ history: invented, runs: ill }))).toEqual([]);
    // Begun before an alarm that somebody took back meanwhile, ended after it.
    const between = [change(0, 0, 1), change(100, 1, 0, null), change(120, 0, 1), change(140, 1, 0)];
    const late = [check(50, 60), check(110, 160, 1), check(210, 220)];
    const history = [...between, change(200, 0, 1, null), change(300, 1, 0, null)];
    expect(kindsOf(evidenceOf({ history, runs: late }))).toEqual([]);
  });

  it('without an alarm, in a further attempt; not where the cycle had its reason', () => {
    const history = [change(0, 0, 1), change(1000, 1, 0, null)];
    const runs = [restart(10, 20), check(30, 40), check(1100, 1110, 1), restart(1200, 1210)];
    const further = [...runs, check(1220, 1230, 1), restart(4300, 4310), check(4320, 4330)];
    const ill = line(
      1115,
      'checked once more before the alarm is cleared: not healthy, exit code 1',
      'WARNING',
    );
    const failed = line(4250, 'attempt 1/2 failed, health check: exit code 1', 'WARNING');
    const kinds = (...log: string[]) => kindsOf(evidenceOf({ history, runs: further, log }));
    expect(kinds(ill, failed)).toEqual([]);
    expect(kinds(ill)).toEqual(['restart without an alarm']);
    expect(kinds(failed)).toEqual(['restart without an alarm', 'restart without an alarm']);
  });

  it('again although verified; not where the service was killed before it could know', () => {
    const history = [change(0, 0, 1), change(9000, 1, 0, null)];
    const runs = [restart(10, 20), check(30, 40), restart(5000, 5010), check(5020, 5030)];
    const killed = [{ from: 60, to: 1000, what: 'killed' as const }];
    expect(kindsOf(evidenceOf({ history, runs }))).toEqual(['restarted again although verified']);
    expect(kindsOf(evidenceOf({ history, runs, pauses: killed }))).toEqual([]);
    const ill = [restart(10, 20), check(30, 40, 1), restart(5000, 5010), check(5020, 5030)];
    expect(kindsOf(evidenceOf({ history, runs: ill }))).toEqual([]);
  });
});

describe('the audit of the history itself', () => {
  it('what was rolled back is there', () => {
    const commitList = [{ id: 'x', way: 'rolled back', from: 0, undone: true as const }];
    const history = [change(0, 0, 1, 'x'), change(50, 1, 0)];
    expect(kindsOf(evidenceOf({ commitList, history }))).toEqual(['history is wrong']);
  });

  it('a change is missing, or the table ends in another way', () => {
    const missing = [change(0, 0, 1, 'a', { place: 1 }), change(1, 1, 0, 'b', { place: 3 })];
    expect(kindsOf(evidenceOf({ history: missing }))).toEqual(['history is wrong']);
    const ends = [change(0, 0, 0)];
    expect(kindsOf(evidenceOf({ history: ends, standing: new Set([1]) }))).toEqual(['history is wrong']);
    expect(kindsOf(evidenceOf({ history: ends, standing: new Set([9]) }))).toEqual(['history is wrong']);
  });

  it('what is left behind is a violation', () => {
    expect(kindsOf(evidenceOf({ leftBehind: ['7 connections'] }))).toEqual(['left behind']);
  });
});

describe('the audit of breakers', () => {
  const opened = [line(1000, 'circuit breaker opened after 3 failed cycles, no restart until x', 'ERROR')];
  const flapping = [
    line(1000, 'flapping: 2 restarts in 3 s; circuit breaker opened, no restart until x', 'ERROR'),
  ];
  const raisedFrom = { history: [change(100, 0, 1)], standing: new Set([1]) };
  const open = (log: readonly string[], begin: number, more: Partial<Evidence> = {}): Violation[] =>
    findRestartsWhileOpen(evidenceOf({ ...raisedFrom, log, runs: [restart(begin, begin + 10)], ...more }));

  it('R34, R9: a restart while one is open is a violation, before and after that it is none', () => {
    for (const log of [opened, flapping]) {
      expect(open(log, 1500)).toMatchObject([{ kind: 'restart while its breaker was open', processId: 1 }]);
      expect(open(log, 990)).toEqual([]);
      expect(open(log, 1000 + OPEN_MS)).toEqual([]);
    }
    expect(countFlapping({ log: [...opened, ...flapping] })).toBe(1);
    expect(open(opened, 1500, { runs: [check(1500, 1510)] })).toEqual([]);
  });

  it('none where the service was killed before the state file had it', () => {
    const killed = { from: 1100, to: 1200, what: 'killed' } as const;
    expect(open(opened, 1500, { pauses: [{ ...killed, savedAt: 900 }] })).toEqual([]);
    expect(open(opened, 1500, { pauses: [{ ...killed, savedAt: 1010 }] })).toHaveLength(1);
    expect(open(opened, 1500, { pauses: [{ ...killed, what: 'stopped' }] })).toHaveLength(1);
  });
});
