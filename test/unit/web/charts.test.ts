import { describe, expect, it } from 'vitest';
import type { Charts, HistoryEntry } from '../../../web/model/contract.js';
import { describeCycleAt, toColumns } from '../../../web/model/describe-cycles.js';
import { describeAlarms, describeReaction } from '../../../web/model/describe-day.js';

const START = new Date(2026, 10, 30, 14, 0, 0).getTime() / 1000;

const charts: Charts = {
  bucketMs: 300_000,
  times: [START, START + 300],
  alarms: [0, 3],
  restarted: [0, 2],
  failed: [0, 1],
  reactionP50Ms: [null, 4],
  reactionP95Ms: [null, 812],
};

describe('the chart of a day in words', () => {
  it('as a whole', () => {
    expect(describeAlarms(charts, undefined)).toBe('3 alarms in 24 hours, 1 failed');
    expect(describeReaction(charts, undefined)).toBe('Slowest 95th percentile: 812 ms');
  });

  it('of one column', () => {
    expect(describeAlarms(charts, 1)).toBe('14:05 to 14:10: 3 alarms, 1 failed');
    expect(describeReaction(charts, 0)).toBe('14:00 to 14:05: no restart');
    expect(describeReaction(charts, 1)).toBe('14:05 to 14:10: median 4 ms, 95th percentile 812 ms');
  });

  it('of a day without anything', () => {
    const quiet = { ...charts, alarms: [0, 0], reactionP95Ms: [null, null] };
    expect(describeAlarms(quiet, undefined)).toBe('No alarm in 24 hours');
    expect(describeReaction(quiet, undefined)).toBe('No restart in 24 hours');
  });
});

describe('the chart of a process', () => {
  const entry = (more: Partial<HistoryEntry>): HistoryEntry => ({
    processId: 1,
    processName: 'httpd',
    trigger: 'binlog',
    seenAt: START * 1000,
    durationMs: 60,
    attempts: 1,
    verdict: 'restarted',
    ...more,
  });
  // As the history tells them: the latest first.
  const entries = [
    entry({ verdict: 'failed', durationMs: 12_000, reactionMs: 3 }),
    entry({ verdict: 'healthy', durationMs: 20 }),
    entry({ reactionMs: 0 }),
  ];

  it('has the oldest first, and nothing below 1 ms, of which there is no logarithm', () => {
    expect(toColumns(entries)).toEqual([
      [0, 1, 2],
      [60, 20, null],
      [null, null, 12_000],
      [1, null, 3],
    ]);
  });

  it('is told in words', () => {
    expect(describeCycleAt(entries, 2)).toBe('2026-11-30 14:00: failed, reaction 3 ms, duration 12 s');
    expect(describeCycleAt(entries, undefined)).toBe('median reaction 3 ms, median duration 60 ms, 1 failed');
    expect(describeCycleAt([], undefined)).toBe('no restart, median duration 0 ms, 0 failed');
  });
});
