import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import { LastOutcomes } from '../../../../src/service/status/last-outcomes.js';
import { ReactionTimes } from '../../../../src/service/status/reaction-times.js';
import { RunningCycles } from '../../../../src/service/status/running-cycles.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';

const ALARM: Alarm = {
  processId: 7,
  notes: null,
  trigger: 'binlog',
  raised: true,
  seenAt: 0,
  steadyAt: 0,
  causeSeq: 1,
  readSeq: 1,
};
const REPORT = { strategy: 'custom', detail: '' } as const;
const detected = (change: Partial<Alarm> = {}): CycleEventData => ({
  type: 'detected',
  alarm: { ...ALARM, ...change },
});
const started: CycleEventData = { type: 'attempt-started', attempt: 1, maxAttempts: 2 };
const begun: CycleEventData = { type: 'restart-begun', attempt: 1 };
const verified: CycleEventData = { type: 'verified', attempt: 1, report: REPORT, detail: 'ok', tookMs: 5 };
const exhausted: CycleEventData = { type: 'exhausted', step: 'verify', reason: 'no', attempts: 2 };

describe('the running cycles', () => {
  it('go from step to step, and are gone at their end', () => {
    const cycles = new RunningCycles(() => 5);
    const steps: (string | undefined)[] = [];
    const look = (): void => {
      const [cycle] = cycles.list;
      steps.push(cycle && `${cycle.step} ${cycle.attempt ?? '-'}`);
    };
    cycles.onCycleBegin(ALARM, false);
    expect(cycles.list).toEqual([
      { processId: 7, processName: 'process_id 7', trigger: 'binlog', since: 5, step: 'looking-up' },
    ]);
    const outOfCycleEvents: CycleEventData[] = [
      detected(),
      { type: 'pre-restart-started' },
      started,
      { type: 'restarted', attempt: 1, report: REPORT, tookMs: 1 },
      { type: 'attempt-failed', attempt: 1, maxAttempts: 2, step: 'verify', reason: 'no' },
      { ...started, attempt: 2 },
      verified,
      { type: 'write-failed', what: 'clear', reason: 'away', attempt: 1 },
      { type: 'cleared', changed: true, notes: '', tookMs: 1 },
    ];
    for (const happening of outOfCycleEvents) {
      cycles.onEvent(cycleEvent(happening));
      look();
    }
    cycles.onCycleEnd(7);
    look();
    expect(steps).toEqual([
      ...[
        'waiting -',
        'pre-restart -',
        'restarting 1',
        'verifying 1',
        'pausing 1',
        'restarting 2',
        'writing 2',
      ],
      ...['writing 2', 'writing 2', undefined],
    ]);
  });

  it('tell what keeps the write, until it is taken', () => {
    const cycles = new RunningCycles(() => 5);
    cycles.onCycleBegin({ ...ALARM, processName: 'nginx' }, true);
    expect(cycles.list[0]).toMatchObject({ processName: 'nginx', step: 'checking' });
    cycles.onEvent(cycleEvent(detected()));
    expect(cycles.list[0]).toMatchObject({ step: 'checking' });
    cycles.onEvent(cycleEvent({ type: 'write-failed', what: 'clear', reason: 'away', attempt: 1 }));
    expect(cycles.list[0]).toMatchObject({ problem: 'away' });
    cycles.onEvent(cycleEvent({ type: 'cleared', changed: true, notes: '', tookMs: 1 }));
    expect(cycles.list[0]).not.toHaveProperty('problem');
  });

  it('know nothing of what happens to a process without a cycle', () => {
    const cycles = new RunningCycles(() => 5);
    cycles.onEvent(cycleEvent({ type: 'half-opened' }));
    expect(cycles.list).toEqual([]);
  });
});

describe('the outcomes', () => {
  it('are the last of each process, the latest first, and counted', () => {
    const outcomes = new LastOutcomes();
    for (const [id, happening] of [
      [1, started],
      [1, exhausted],
      [2, started],
      [2, verified],
      [3, { type: 'rechecked', alarm: ALARM, healthy: true, detail: '' }],
      [3, { type: 'rechecked', alarm: ALARM, healthy: false, detail: '' }],
      [4, { type: 'faulted', reason: 'oh' }],
      [1, started],
      [1, verified],
      [5, { type: 'withdrawn' }],
    ] satisfies [number, CycleEventData][]) {
      outcomes.onEvent(cycleEvent(happening, id));
    }
    expect(outcomes.list.map(({ processId, outcome }) => [processId, outcome])).toEqual([
      [5, 'withdrawn'],
      [1, 'verified'],
      [4, 'failed'],
      [3, 'healthy'],
      [2, 'verified'],
    ]);
    expect(outcomes.totals).toEqual({ verified: 2, healthy: 1, failed: 2, restarts: 3 });
  });

  it('are bounded: anybody may make up rows', () => {
    const outcomes = new LastOutcomes();
    for (let id = 0; id < 5000; id += 1) outcomes.onEvent(cycleEvent(verified, id));
    expect(outcomes.list).toHaveLength(1000);
    expect(outcomes.list[0]?.processId).toBe(4999);
  });
});

describe('the reactions', () => {
  const react = (reactions: ReactionTimes, seenAt: number, at: number, change: Partial<Alarm> = {}): void => {
    reactions.onEvent(cycleEvent(detected({ seenAt, ...change })));
    reactions.onEvent({ ...cycleEvent(started), at: at - 1 });
    reactions.onEvent({ ...cycleEvent(begun), at });
    reactions.onEvent({ ...cycleEvent({ ...begun, attempt: 2 }), at: at + 5000 });
  };

  it('last from seeing an alarm to its first attempt; the median is of the latest', () => {
    const reactions = new ReactionTimes();
    expect(reactions.medianMs).toBeUndefined();
    for (const ms of [9, 1, 5]) react(reactions, 100, 100 + ms);
    expect(reactions.medianMs).toBe(5);
    for (let n = 0; n < 1000; n += 1) react(reactions, 100, 103);
    expect(reactions.medianMs).toBe(3);
  });

  it('are not those of what was asked for, nor of a clock that was set back', () => {
    const reactions = new ReactionTimes();
    react(reactions, 0, 500, { trigger: 'manual' });
    react(reactions, 0, 500, { trigger: 'resume' });
    expect(reactions.medianMs).toBeUndefined();
    react(reactions, 1000, 500);
    expect(reactions.medianMs).toBe(0);
  });

  it('are not taken for an alarm that came to nothing before', () => {
    const reactions = new ReactionTimes();
    reactions.onEvent(cycleEvent(detected({ seenAt: 0 })));
    reactions.onEvent(cycleEvent({ type: 'skipped-open', failures: 3, retryAt: 1 }));
    reactions.onEvent({ ...cycleEvent(begun), at: 900 });
    expect(reactions.medianMs).toBeUndefined();
  });
});
