import { expect, it } from 'vitest';
import type { CycleRecord } from '../../../../src/domain/cycle/cycle-record.js';
import { DayChart } from '../../../../src/service/web/day-chart.js';

const BUCKET = 300_000;
const NOW = Date.parse('2026-11-30T12:00:00Z');

function record(more: Partial<CycleRecord> = {}): CycleRecord {
  return {
    ...{ processId: 1, processName: 'a', trigger: 'binlog', seenAt: NOW, durationMs: 5, attempts: 1 },
    verdict: 'restarted',
    ...more,
  };
}

it('counts alarms by when they were seen, and what somebody asked for is none', () => {
  const chart = new DayChart();
  chart.add(record());
  chart.add(record({ verdict: 'failed' }));
  chart.add(record({ trigger: 'manual' }));
  chart.add(record({ verdict: 'escalated' }));
  chart.add(record({ seenAt: NOW - BUCKET, verdict: 'healthy' }));
  const { times, alarms, restarted, failed } = chart.columns(NOW);
  expect(times).toHaveLength(288);
  expect(times.at(-1)).toBe(NOW / 1000);
  expect([alarms.slice(-3), restarted.slice(-3), failed.slice(-3)]).toEqual([
    [0, 1, 2],
    [0, 0, 2],
    [0, 0, 1],
  ]);
});

it('knows the reactions to within a tenth', () => {
  const chart = new DayChart();
  for (let ms = 1; ms <= 100; ms += 1) chart.add(record({ reactionMs: ms }));
  const { reactionP50Ms, reactionP95Ms } = chart.columns(NOW);
  expect((reactionP50Ms.at(-1) ?? 0) / 50).toBeCloseTo(1, 0);
  expect(Math.abs((reactionP50Ms.at(-1) ?? 0) - 50)).toBeLessThanOrEqual(5);
  expect(Math.abs((reactionP95Ms.at(-1) ?? 0) - 95)).toBeLessThanOrEqual(10);
  expect(reactionP50Ms.at(-2)).toBeNull();
});

it('forgets what is older than a day, also after a day without an alarm', () => {
  const chart = new DayChart();
  chart.add(record({ seenAt: NOW - 288 * BUCKET }));
  expect(chart.columns(NOW).alarms.every((count) => count === 0)).toBe(true);
  chart.add(record({ reactionMs: 7 }));
  expect(chart.columns(NOW).alarms.at(-1)).toBe(1);
  expect(chart.columns(NOW + 288 * BUCKET).alarms.every((count) => count === 0)).toBe(true);
  // The wall clock was set back: an older alarm must not replace newer ones.
  chart.add(record({ seenAt: NOW - 288 * BUCKET }));
  expect(chart.columns(NOW).alarms.at(-1)).toBe(1);
});
