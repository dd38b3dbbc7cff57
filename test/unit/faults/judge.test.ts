import { describe, expect, it } from 'vitest';
import { findAlarms } from '../../faults/audit/alarms.js';
import type { Evidence } from '../../faults/audit/evidence.js';
import { judge } from '../../faults/audit/judge.js';
import { FOLLOW_UP_MS } from '../../faults/audit/judge-alarms.js';
import { NEWS_MS } from '../../faults/audit/judge-restarts.js';
import { change, check, evidenceOf, restart } from './evidence.js';

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
    expect(kindsOf(evidenceOf({ history, pauses, runs: [check(late, late + 1)] }))).toEqual([]);
    expect(kindsOf(evidenceOf({ history, runs: [check(late, late + 1)] }))).toEqual(['cleared unanswered']);
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
    const late = 1000 + NEWS_MS + 10;
    expect(kindsOf(evidenceOf({ runs: [restart(100, 200)] }))).toEqual(['restart without an alarm']);
    expect(kindsOf(evidenceOf({ history, runs: [restart(1500, 1600)] }))).toEqual([]);
    expect(kindsOf(evidenceOf({ history, runs: [restart(late, late + 1)] }))).toEqual([
      'restart without an alarm',
    ]);
    const pauses = [
      { from: 2000, to: 3000, what: 'frozen' as const },
      { from: 2500, to: 3000, what: 'cut off' as const },
    ];
    expect(kindsOf(evidenceOf({ history, pauses, runs: [restart(late, late + 1)] }))).toEqual([]);
    expect(kindsOf(evidenceOf({ history, pauses, runs: [restart(late + 1000, late + 1001)] }))).toEqual([
      'restart without an alarm',
    ]);
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
    expect(kindsOf(evidenceOf({ history: [change(0, 0, 0)], standing: new Set([1]) }))).toEqual([
      'history is wrong',
    ]);
  });

  it('what is left behind is a violation', () => {
    expect(kindsOf(evidenceOf({ leftBehind: ['7 connections'] }))).toEqual(['left behind']);
  });
});
