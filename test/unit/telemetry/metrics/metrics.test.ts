import { describe, expect, it } from 'vitest';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';
import { parseExposition, type Sample, seriesValue } from '../../../support/telemetry/exposition.js';
import {
  alarm,
  createMetrics,
  feedEverything,
  NOW,
  REPORT,
} from '../../../support/telemetry/sample-metrics.js';

type Metrics = ReturnType<typeof createMetrics>;

const read = async (metrics: Metrics): Promise<readonly Sample[]> => parseExposition(await metrics.render());

function feed(metrics: Metrics, ...outOfCycleEvents: readonly CycleEventData[]): Metrics {
  for (const happening of outOfCycleEvents) metrics.onEvent({ ...cycleEvent(happening), at: 40 });
  return metrics;
}

describe('what happens', () => {
  it('alarms, cycles, attempts and breakers are counted', async () => {
    const metrics = createMetrics();
    feedEverything(metrics);
    const samples = await read(metrics);
    const count = (name: string, labels: Record<string, string>) =>
      seriesValue(samples, `monitor_service_${name}`, labels);
    const process = 'nginx';
    expect(count('alarms_total', { process, trigger: 'binlog' })).toBe(1);
    expect(count('cycles_total', { process, outcome: 'verified' })).toBe(1);
    expect(count('cycles_total', { process, outcome: 'failed' })).toBe(1);
    expect(count('attempts_total', { process, strategy: 'none', result: 'restart-failed' })).toBe(1);
    expect(count('attempts_total', { process, strategy: 'service', result: 'unhealthy' })).toBe(1);
    expect(count('attempts_total', { process, strategy: 'service', result: 'verified' })).toBe(1);
    expect(count('breaker_changes_total', { process, to: 'open' })).toBe(1);
    expect(count('breaker_changes_total', { process, to: 'half-open' })).toBe(1);
    expect(count('breaker_changes_total', { process, to: 'closed' })).toBe(1);
    expect(count('write_failures_total', { what: 'clear' })).toBe(1);
    expect(count('stream_reconnects_total', {})).toBe(1);
    expect(count('stream_failures_total', {})).toBe(1);
    expect(count('stream_last_event_timestamp_seconds', {})).toBe(NOW / 1000);
    expect(count('notifications_total', { way: 'command', result: 'delivered' })).toBe(1);
  });

  it.each<[CycleEventData, string]>([
    [{ type: 'refused', alarm: alarm(), reason: 'x' }, 'refused'],
    [{ type: 'excluded', alarm: alarm() }, 'excluded'],
    [{ type: 'paused', alarm: alarm(), pause: { since: 0, by: 'alice' } }, 'paused'],
    [{ type: 'skipped-open', failures: 3, retryAt: 0 }, 'open'],
    [{ type: 'withdrawn' }, 'withdrawn'],
    [{ type: 'faulted', reason: 'odd' }, 'failed'],
    [{ type: 'rechecked', alarm: alarm(), healthy: true, detail: 'active' }, 'healthy'],
  ])('a cycle that ends with %j', async (happening, outcome) => {
    const samples = await read(feed(createMetrics(), happening));
    const cycles = samples.filter(({ name }) => name === 'monitor_service_cycles_total');
    expect(cycles).toEqual([expect.objectContaining({ labels: { process: 'nginx', outcome }, value: 1 })]);
  });

  it('an unhealthy recheck ends no cycle, and what somebody asked for is no alarm', async () => {
    const samples = await read(
      feed(
        createMetrics(),
        { type: 'detected', alarm: alarm({ trigger: 'manual' }) },
        { type: 'rechecked', alarm: alarm(), healthy: false, detail: 'dead' },
        { type: 'attempt-started', attempt: 1, maxAttempts: 1 },
        { type: 'restart-begun', attempt: 1 },
      ),
    );
    const names = samples.map(({ name }) => name);
    expect(names).not.toContain('monitor_service_cycles_total');
    expect(names).not.toContain('monitor_service_alarms_total');
    expect(names).not.toContain('monitor_service_reaction_seconds_count');
  });

  it('the reaction runs from seeing the alarm until its restart really begins, the recovery until it is verified', async () => {
    const metrics = feed(
      createMetrics(),
      { type: 'detected', alarm: alarm({ seenAt: 37 }) },
      { type: 'attempt-started', attempt: 1, maxAttempts: 2 },
      { type: 'restart-begun', attempt: 1 },
      { type: 'attempt-started', attempt: 2, maxAttempts: 2 },
      { type: 'restarted', attempt: 2, report: REPORT, tookMs: 250 },
    );
    metrics.onEvent({
      ...cycleEvent({ type: 'verified', attempt: 2, report: REPORT, detail: 'active', tookMs: 300 }),
      at: 2037,
    });
    const samples = await read(metrics);
    const trigger = 'binlog';
    expect(seriesValue(samples, 'monitor_service_reaction_seconds_count', { trigger })).toBe(1);
    expect(seriesValue(samples, 'monitor_service_reaction_seconds_sum', { trigger })).toBeCloseTo(0.003);
    expect(seriesValue(samples, 'monitor_service_recovery_seconds_sum', { trigger })).toBeCloseTo(2);
    expect(
      seriesValue(samples, 'monitor_service_restart_duration_seconds_bucket', {
        strategy: 'service',
        le: '0.25',
      }),
    ).toBe(1);
    expect(
      seriesValue(samples, 'monitor_service_restart_duration_seconds_bucket', {
        strategy: 'service',
        le: '0.1',
      }),
    ).toBe(0);
  });

  it.each<CycleEventData>([
    { type: 'rechecked', alarm: alarm(), healthy: true, detail: 'active' },
    { type: 'refused', alarm: alarm(), reason: 'x' },
    { type: 'excluded', alarm: alarm() },
  ])(
    'a follow-up that was not detected has no reaction of an earlier alarm, which ended by %j',
    async (end) => {
      const samples = await read(
        feed(
          createMetrics(),
          { type: 'detected', alarm: alarm() },
          end,
          { type: 'rechecked', alarm: alarm({ raised: false }), healthy: false, detail: 'dead' },
          { type: 'attempt-started', attempt: 1, maxAttempts: 1 },
          { type: 'restart-begun', attempt: 1 },
        ),
      );
      expect(seriesValue(samples, 'monitor_service_reaction_seconds_count')).toBeUndefined();
    },
  );
});

describe('what is', () => {
  it('is read when somebody asks', async () => {
    const samples = await read(createMetrics());
    const value = (name: string, labels?: Record<string, string>) =>
      seriesValue(samples, `monitor_service_${name}`, labels);
    expect(value('up')).toBe(1);
    expect(value('build_info', { version: '1.2.3', node: process.version })).toBe(1);
    expect(value('collected_timestamp_seconds')).toBe(NOW / 1000);
    expect(value('stream_up')).toBe(1);
    expect(value('table_readable')).toBe(1);
    expect(value('standing_alarms')).toBe(1);
    expect(value('alarm_standing_seconds', { process: 'nginx' })).toBe(5);
    expect(value('breaker_state', { process: 'httpd', state: 'open' })).toBe(1);
    expect(value('breaker_state', { process: 'httpd', state: 'closed' })).toBe(0);
    expect(value('breaker_failures', { process: 'nginx' })).toBe(2);
    expect(value('pending_clears')).toBe(1);
    expect(value('cycles_running')).toBe(2);
    expect(value('cycles_waiting')).toBe(3);
    expect(value('pauses')).toBe(4);
    expect(value('maintenance_running', { maintenance: 'backup' })).toBe(1);
    expect(value('maintenance_next_timestamp_seconds', { maintenance: 'backup' })).toBe(
      (NOW + 60_000) / 1000,
    );
  });

  it('is left out where it is not known, and goes when it is gone', async () => {
    let standing: { processName: string; since: number }[] | undefined = [
      { processName: 'nginx', since: 0 },
      { processName: 'httpd', since: 0 },
    ];
    const metrics = createMetrics({
      isStreaming: () => undefined,
      isTableReadable: () => undefined,
      standing: () => standing,
      standingAlarms: () => standing?.length,
    });
    const before = await read(metrics);
    expect(seriesValue(before, 'monitor_service_stream_up')).toBeUndefined();
    expect(seriesValue(before, 'monitor_service_table_readable')).toBeUndefined();
    expect(seriesValue(before, 'monitor_service_standing_alarms')).toBe(2);
    standing = undefined;
    const after = await read(metrics);
    expect(seriesValue(after, 'monitor_service_standing_alarms')).toBeUndefined();
    expect(seriesValue(after, 'monitor_service_alarm_standing_seconds')).toBeUndefined();
  });

  it('of the process itself: memory, CPU, open files; not in what node_exporter is given', async () => {
    const metrics = createMetrics();
    const names = (await read(metrics)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'process_resident_memory_bytes',
        'process_cpu_seconds_total',
        'process_open_fds',
        'nodejs_eventloop_lag_seconds',
      ]),
    );
    const own = parseExposition(await metrics.renderOwn());
    expect(own.filter(({ name }) => !name.startsWith('monitor_service_'))).toEqual([]);
    expect(own.length).toBeGreaterThan(10);
  });

  it('leaves out how late the event loop is where that was not measured yet', async () => {
    const samples = await read(createMetrics());
    const late = samples.filter(({ name }) => name.startsWith('nodejs_eventloop_lag_'));
    expect(late.filter(({ value }) => !(value < 3600))).toEqual([]);
  });
});

describe('R14: names come from the database', () => {
  it('a hostile name forges no line', async () => {
    const processName = 'x"} 1\nmonitor_service_up 0\n\u001b[31m\\';
    const metrics = createMetrics();
    metrics.onEvent({ ...cycleEvent({ type: 'withdrawn' }), processName });
    const samples = await read(metrics);
    expect(seriesValue(samples, 'monitor_service_up')).toBe(1);
    expect(samples.find(({ name }) => name === 'monitor_service_cycles_total')?.labels.process).toBe(
      'x"} 1\\nmonitor_service_up 0\\n\\x1b[31m\\',
    );
  });

  it('their number is bounded: who comes too late is counted with the others', async () => {
    const metrics = createMetrics({ breakers: () => [], standing: () => [], standingAlarms: () => 0 });
    for (let id = 0; id < 1500; id += 1) {
      metrics.onEvent({ ...cycleEvent({ type: 'withdrawn' }, id), processName: `p${id}` });
    }
    metrics.onEvent({ ...cycleEvent({ type: 'withdrawn' }, 3), processName: 'p3' });
    const cycles = (await read(metrics)).filter(({ name }) => name === 'monitor_service_cycles_total');
    expect(cycles).toHaveLength(1001);
    expect(seriesValue(cycles, 'monitor_service_cycles_total', { process: '(other)' })).toBe(500);
    expect(seriesValue(cycles, 'monitor_service_cycles_total', { process: 'p3' })).toBe(2);
  });
});
