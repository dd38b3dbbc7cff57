import type { Registry } from 'prom-client';
import { addGauge, addGauges } from './add-gauge.js';
import type { MetricsSource } from './metrics-source.js';
import type { ProcessLabels } from './process-labels.js';

const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

/** What is, in contrast to what happens: read whenever somebody asks. */
export function addStateGauges(
  registry: Registry,
  facts: MetricsSource,
  labels: ProcessLabels,
  now: () => number,
): void {
  addGauge(
    registry,
    'monitor_service_stream_up',
    'Whether the binlog is watched; absent where it is off in config.ini.',
    () => toNumber(facts.isStreaming()),
  );
  addGauge(
    registry,
    'monitor_service_stream_lag_seconds',
    'How old the last event of the binlog was when it came, by both clocks; 0 when nothing is left to come.',
    () => inSeconds(facts.streamLagMs()),
  );
  addGauge(
    registry,
    'monitor_service_table_readable',
    'Whether the last reading of the table succeeded.',
    () => toNumber(facts.isTableReadable()),
  );
  addGauge(
    registry,
    'monitor_service_standing_alarms',
    'Alarms that stand in the table; absent before its first reading.',
    () => facts.standing()?.length,
  );
  addGauges(
    registry,
    {
      name: 'monitor_service_alarm_standing_seconds',
      help: 'How long an alarm is known to stand, for each one that does.',
      labelNames: ['process'],
    },
    () => longest(facts, labels, now()),
  );
  addGauge(
    registry,
    'monitor_service_pending_clears',
    'Processes that are healthy again and whose alarm is not cleared yet.',
    facts.pendingClears,
  );
  addGauge(
    registry,
    'monitor_service_cycles_running',
    'Cycles that hold one of the max_parallel_restarts places.',
    () => facts.cycles().running,
  );
  addGauge(
    registry,
    'monitor_service_cycles_waiting',
    'Cycles that wait for a place.',
    () => facts.cycles().waiting,
  );
  addGauge(registry, 'monitor_service_pauses', 'Pauses that hold, of a process or of all.', facts.pauses);
  addBreakerGauges(registry, facts, labels);
}

/** Only of those that are not closed, or have counted failures: of the others nothing is kept. */
function addBreakerGauges(registry: Registry, facts: MetricsSource, labels: ProcessLabels): void {
  addGauges(
    registry,
    {
      name: 'monitor_service_breaker_state',
      help: '1 for the state that the circuit breaker of the process has, 0 for the others.',
      labelNames: ['process', 'state'],
    },
    () =>
      facts.breakers().flatMap(({ processName, breaker }) =>
        BREAKER_STATES.map((state) => ({
          labels: { process: labels.labelOf(processName), state },
          value: toNumber(breaker.state === state),
        })),
      ),
  );
  addGauges(
    registry,
    {
      name: 'monitor_service_breaker_failures',
      help: 'Failed cycles in a row.',
      labelNames: ['process'],
    },
    () =>
      facts.breakers().map(({ processName, breaker }) => ({
        labels: { process: labels.labelOf(processName) },
        value: breaker.failures,
      })),
  );
}

/** Two rows may have one name: the alarm that stands longest counts. */
function longest({ standing }: MetricsSource, labels: ProcessLabels, now: number) {
  const seconds = new Map<string, number>();
  for (const { processName, since } of standing() ?? []) {
    const process = labels.labelOf(processName);
    seconds.set(process, Math.max(seconds.get(process) ?? 0, (now - since) / 1000));
  }
  return [...seconds].map(([process, value]) => ({ labels: { process }, value }));
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function toNumber(value: boolean): number;
function toNumber(value: boolean | undefined): number | undefined;
function toNumber(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
