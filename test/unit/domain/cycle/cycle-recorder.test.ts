import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import type { CycleRecord } from '../../../../src/domain/cycle/cycle-record.js';
import { createCycleRecorder } from '../../../../src/domain/cycle/cycle-recorder.js';
import type { RestartReport } from '../../../../src/domain/cycle/restart-target.js';

const SEEN_AT = 1_000_000;
const alarm: Alarm = {
  processId: 7,
  notes: null,
  trigger: 'binlog',
  raised: true,
  seenAt: SEEN_AT,
  steadyAt: SEEN_AT,
  causeSeq: 1,
  readSeq: 1,
};
const report: RestartReport = { strategy: 'service', unit: 'nginx.service', detail: 'runs again' };
const detected: CycleEventData = { type: 'detected', alarm };
const attempt = (number: number): CycleEventData => ({
  type: 'attempt-started',
  attempt: number,
  maxAttempts: 2,
});
const begun = (number: number): CycleEventData => ({ type: 'restart-begun', attempt: number });
const restarted = (number: number): CycleEventData => ({
  type: 'restarted',
  attempt: number,
  report,
  tookMs: 1,
});
const verified: CycleEventData = { type: 'verified', attempt: 1, report, detail: '', tookMs: 1 };
const exhausted: CycleEventData = { type: 'exhausted', step: 'verify', reason: 'exit code 1', attempts: 2 };
const cleared: CycleEventData = { type: 'cleared', changed: true, notes: '', tookMs: 1 };
const skipped: CycleEventData = { type: 'skipped-open', failures: 3, retryAt: 9 };
const rechecked = (healthy: boolean, of: Alarm = alarm): CycleEventData => ({
  type: 'rechecked',
  alarm: of,
  healthy,
  detail: '',
});

/** What comes of happenings that are 10 ms apart, the first 10 ms after the alarm was seen. */
function fold(
  outOfCycleEvents: readonly CycleEventData[],
  fold = createCycleRecorder(),
  processId = 7,
): CycleRecord[] {
  return outOfCycleEvents.flatMap((happening, index) => {
    const at = SEEN_AT + 10 * (index + 1);
    return fold.take({ processId, processName: 'nginx', at, ...happening }) ?? [];
  });
}

describe('the history of cycles', () => {
  it('has one record for a cycle that succeeded, made at its verdict', () => {
    expect(
      fold([detected, attempt(1), begun(1), restarted(1), verified, { type: 'closed' }, cleared]),
    ).toEqual([
      {
        processId: 7,
        processName: 'nginx',
        trigger: 'binlog',
        seenAt: SEEN_AT,
        reactionMs: 30,
        durationMs: 50,
        attempts: 1,
        strategy: 'service',
        unit: 'nginx.service',
        verdict: 'restarted',
      },
    ]);
  });

  it('has the number of attempts and the last reason of one that failed; the reaction is that of the first', () => {
    const failed: CycleEventData = {
      type: 'attempt-failed',
      attempt: 1,
      maxAttempts: 2,
      step: 'verify',
      reason: 'exit code 2',
    };
    const [record, ...more] = fold([
      detected,
      { type: 'pre-restart-started' },
      ...[attempt(1), begun(1), restarted(1), failed, attempt(2), begun(2), restarted(2), exhausted],
      { type: 'opened', failures: 3, retryAt: 9 },
      { type: 'noted', changed: true, notes: '' },
    ]);
    expect(record).toMatchObject({
      verdict: 'failed',
      attempts: 2,
      reason: 'verify: exit code 1',
      reactionMs: 40,
      durationMs: 100,
    });
    expect(more).toEqual([]);
  });

  it('has an escalation after the cycle that opened the breaker, with its trigger', () => {
    const asked: Alarm = { ...alarm, trigger: 'manual', by: 'alice' };
    const [failed, escalated, ...more] = fold([
      { type: 'detected', alarm: asked },
      attempt(1),
      exhausted,
      { type: 'opened', failures: 3, retryAt: 9 },
      { type: 'escalated', tookMs: 5, reason: 'exit code 1' },
    ]);
    expect(failed).toMatchObject({ verdict: 'failed' });
    expect(escalated).toEqual({
      processId: 7,
      processName: 'nginx',
      trigger: 'manual',
      seenAt: SEEN_AT + 45,
      durationMs: 5,
      attempts: 0,
      verdict: 'escalated',
      reason: 'exit code 1',
    });
    expect(more).toEqual([]);
  });

  it('tells that nothing was begun where the pre-restart command failed', () => {
    const [record] = fold([detected, { type: 'exhausted', step: 'pre-restart', reason: 'no', attempts: 0 }]);
    expect(record).toMatchObject({ verdict: 'failed', attempts: 0, reason: 'pre-restart: no' });
    expect(record).not.toHaveProperty('reactionMs');
    expect(record).not.toHaveProperty('strategy');
  });

  it('has who asked for a cycle', () => {
    const asked: Alarm = { ...alarm, trigger: 'manual', by: 'alice', raised: false };
    const [record] = fold([{ type: 'detected', alarm: asked }, attempt(1), verified]);
    expect(record).toMatchObject({ trigger: 'manual', by: 'alice' });
  });

  it('R7: has the follow-up of a certain raise, healthy or restarted', () => {
    expect(fold([detected, rechecked(true), cleared])).toMatchObject([{ verdict: 'healthy', attempts: 0 }]);
    expect(fold([detected, rechecked(false), attempt(1), restarted(1), verified])).toMatchObject([
      { verdict: 'restarted', attempts: 1 },
    ]);
  });

  it('R7: has a mere precaution only where it led to a restart', () => {
    const standing: Alarm = { ...alarm, trigger: 'poll', raised: false };
    expect(fold([rechecked(true, standing), cleared])).toEqual([]);
    expect(fold([rechecked(false, standing), attempt(1), begun(1), restarted(1), verified])).toMatchObject([
      { trigger: 'poll', verdict: 'restarted', reactionMs: 30 },
    ]);
  });

  it('has what was not acted on once, until something else happens to the process', () => {
    const folding = createCycleRecorder();
    const refused: CycleEventData = { type: 'refused', alarm, reason: 'a glob' };
    const paused: CycleEventData = { type: 'paused', alarm, pause: { since: 0, by: 'bob', reason: 'disks' } };
    expect(fold([refused, refused], folding)).toMatchObject([{ verdict: 'refused', reason: 'a glob' }]);
    expect(fold([paused, paused], folding)).toMatchObject([
      { verdict: 'paused', reason: 'paused by bob: disks' },
    ]);
    expect(fold([detected, skipped, detected, skipped], folding)).toMatchObject([
      { verdict: 'breaker-open' },
    ]);
    expect(fold([detected, attempt(1), verified, detected, skipped], folding)).toMatchObject([
      { verdict: 'restarted' },
      { verdict: 'breaker-open' },
    ]);
    expect(fold([{ type: 'excluded', alarm }], folding)).toEqual([]);
  });

  it.each<CycleEventData>([
    { type: 'excluded', alarm },
    { type: 'postponed', waitsFor: [] },
  ])('keeps nothing of a cycle that ended without a verdict after it was seen: %j', (end) => {
    const later = { ...alarm, seenAt: SEEN_AT + 25 };
    expect(fold([detected, end, rechecked(true, later)])).toMatchObject([{ seenAt: later.seenAt }]);
  });

  it('has a withdrawn alarm and a cycle that broke off', () => {
    expect(fold([detected, { type: 'withdrawn' }])).toMatchObject([{ verdict: 'withdrawn' }]);
    expect(fold([detected, { type: 'faulted', reason: 'oh' }])).toMatchObject([
      { verdict: 'broken-off', reason: 'oh' },
    ]);
    expect(fold([{ type: 'faulted', reason: 'before it had begun' }])).toEqual([]);
  });

  it('keeps the cycles of several processes apart', () => {
    const folding = createCycleRecorder();
    expect(fold([detected, attempt(1)], folding, 7)).toEqual([]);
    expect(fold([detected, attempt(1), attempt(2), exhausted], folding, 8)).toMatchObject([
      { processId: 8, attempts: 2 },
    ]);
    expect(fold([verified], folding, 7)).toMatchObject([{ processId: 7, attempts: 1, verdict: 'restarted' }]);
  });

  it('never has a negative time where the clock was set back', () => {
    const later: Alarm = { ...alarm, seenAt: SEEN_AT + 60_000 };
    expect(fold([{ type: 'detected', alarm: later }, attempt(1), begun(1), verified])).toMatchObject([
      { reactionMs: 0, durationMs: 0 },
    ]);
  });

  it('remembers a thousand alarms that it need not tell of again, and forgets the oldest', () => {
    const folding = createCycleRecorder();
    const meet = (processId: number) => fold([detected, skipped], folding, processId);
    for (let id = 1; id <= 1000; id += 1) expect(meet(id)).toHaveLength(1);
    expect(meet(1)).toEqual([]);
    expect(meet(1001)).toHaveLength(1);
    // The latest of its meetings counts, and 2 has been met least lately.
    expect(meet(1)).toEqual([]);
    expect(meet(2)).toHaveLength(1);
  });
});
