import type { Alarm } from '../../../src/domain/alarm/alarm.js';
import { BinlogError } from '../../../src/domain/alarm/binlog-signal.js';
import { INITIAL_BREAKER } from '../../../src/domain/cycle/circuit-breaker.js';
import type { CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import { Metrics } from '../../../src/telemetry/metrics/metrics.js';
import type { MetricsSource } from '../../../src/telemetry/metrics/metrics-source.js';
import { cycleEvent } from '../streams/cycle-events.js';

export const NOW = 1_000_000;
export const REPORT = { strategy: 'service', detail: 'restarted nginx.service' } as const;

export function alarm(more: Partial<Alarm> = {}): Alarm {
  return {
    processId: 7,
    notes: null,
    trigger: 'binlog',
    raised: true,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
    ...more,
  };
}

const FACTS: MetricsSource = {
  isStreaming: () => true,
  streamLagMs: () => 700,
  relay: () => 'relay1:3306',
  server: () => ({
    ...{ place: 'db1:3306', identity: 'db1:3306:21', instance: 'db1:3306:21', serverId: 21, hostname: 'db1' },
    ...{ mayWrite: true, hasQuorum: true },
  }),
  isTableReadable: () => true,
  standingAlarms: () => 1,
  standing: () => [{ processName: 'nginx', since: NOW - 5000 }],
  breakers: () => [
    { processName: 'nginx', breaker: { ...INITIAL_BREAKER, failures: 2 } },
    {
      processName: 'httpd',
      breaker: { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: 0 },
    },
  ],
  pendingClears: () => 1,
  cycles: () => ({ running: 2, waiting: 3, waitingForOthers: 1 }),
  pauses: () => 4,
  maintenance: () => [{ name: 'backup', isRunning: true, nextAt: NOW + 60_000 }],
};

export function createMetrics(facts: Partial<MetricsSource> = {}): Metrics {
  return new Metrics({ facts: { ...FACTS, ...facts }, version: '1.2.3', now: () => NOW });
}

/** Something of everything that can happen, so that every series is there. */
const EVERYTHING: readonly CycleEventData[] = [
  { type: 'detected', alarm: alarm() },
  { type: 'attempt-started', attempt: 1, maxAttempts: 3 },
  { type: 'restart-begun', attempt: 1 },
  { type: 'attempt-failed', attempt: 1, maxAttempts: 3, step: 'restart', reason: 'exit code 3' },
  { type: 'attempt-started', attempt: 2, maxAttempts: 3 },
  { type: 'restarted', attempt: 2, report: REPORT, tookMs: 120 },
  { type: 'attempt-failed', attempt: 2, maxAttempts: 3, step: 'verify', reason: 'exit code 1' },
  { type: 'attempt-started', attempt: 3, maxAttempts: 3 },
  { type: 'restarted', attempt: 3, report: REPORT, tookMs: 80 },
  { type: 'verified', attempt: 3, report: REPORT, detail: 'active', tookMs: 200 },
  { type: 'write-failed', what: 'clear', reason: 'gone', attempt: 1 },
  { type: 'exhausted', step: 'restart', reason: 'exit code 3', attempts: 2 },
  { type: 'opened', failures: 3, retryAt: 0 },
  { type: 'escalated', tookMs: 5 },
  { type: 'half-opened' },
  { type: 'closed' },
];

export function feedEverything(metrics: Metrics): void {
  for (const happening of EVERYTHING) metrics.onEvent({ ...cycleEvent(happening), at: 40 });
  metrics.onSignal({ kind: 'streaming' });
  metrics.onSignal({ kind: 'raised', processId: 7, notes: null });
  metrics.onSignal({ kind: 'lost', error: new BinlogError('gone'), retryInMs: 1, wasUpForMs: 1 });
  metrics.onSignal({ kind: 'streaming' });
  metrics.countNotifications('command', 'delivered');
}
