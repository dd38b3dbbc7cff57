import type { Registry } from 'prom-client';
import { addGauge, addLabelledGauge } from './create-metric.js';
import type { MetricsSource } from './metrics-source.js';
import type { ProcessLabels } from './process-labels.js';

const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

/** The metrics of the present state, read at each collection. */
export function addStateGauges(
  registry: Registry,
  source: MetricsSource,
  labels: ProcessLabels,
  now: () => number,
): void {
  const add = (name: Parameters<typeof addGauge>[1], read: () => number | undefined) =>
    addGauge(registry, name, read);
  add('monitor_service_stream_up', () => toNumber(source.isStreaming()));
  add('monitor_service_stream_lag_seconds', () => inSeconds(source.streamLagMs()));
  addLabelledGauge(registry, 'monitor_service_stream_relay_info', () => {
    const relay = source.relay();
    return relay === undefined ? [] : [{ labels: { relay }, value: 1 }];
  });
  add('monitor_service_database_writable', () => toNumber(source.server()?.mayWrite));
  addLabelledGauge(registry, 'monitor_service_database_server_info', () => describeServer(source));
  add('monitor_service_table_readable', () => toNumber(source.isTableReadable()));
  add('monitor_service_standing_alarms', source.standingAlarms);
  add('monitor_service_pending_clears', source.pendingClears);
  add('monitor_service_cycles_running', () => source.cycles().running);
  add('monitor_service_cycles_waiting', () => source.cycles().waiting);
  add('monitor_service_cycles_waiting_for_others', () => source.cycles().waitingForOthers);
  add('monitor_service_pauses', source.pauses);
  addLabelledGauge(registry, 'monitor_service_alarm_standing_seconds', () => longest(source, labels, now()));
  addBreakerGauges(registry, source, labels);
  addMaintenanceGauges(registry, source);
}

function describeServer({ server }: MetricsSource) {
  const known = server();
  if (!known) return [];
  const { place, serverId, hostname } = known;
  return [{ labels: { server: place, server_id: String(serverId), hostname }, value: 1 }];
}

/** Only breakers that are not closed or have counted failures; the others are not kept. */
function addBreakerGauges(registry: Registry, source: MetricsSource, labels: ProcessLabels): void {
  addLabelledGauge(registry, 'monitor_service_breaker_state', () =>
    source.breakers().flatMap(({ processName, breaker }) =>
      BREAKER_STATES.map((state) => ({
        labels: { process: labels.labelOf(processName), state },
        value: Number(breaker.state === state),
      })),
    ),
  );
  addLabelledGauge(registry, 'monitor_service_breaker_failures', () =>
    source.breakers().map(({ processName, breaker }) => ({
      labels: { process: labels.labelOf(processName) },
      value: breaker.failures,
    })),
  );
}

/** Their names come from the configuration, so there are few. */
function addMaintenanceGauges(registry: Registry, { maintenance }: MetricsSource): void {
  addLabelledGauge(registry, 'monitor_service_maintenance_running', () =>
    maintenance().map(({ name, isRunning }) => ({ labels: { maintenance: name }, value: Number(isRunning) })),
  );
  addLabelledGauge(registry, 'monitor_service_maintenance_next_timestamp_seconds', () =>
    maintenance().flatMap(({ name, nextAt }) =>
      nextAt === undefined ? [] : [{ labels: { maintenance: name }, value: nextAt / 1000 }],
    ),
  );
}

/** Two rows may have the same name: the alarm that has been raised longest counts. */
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

function toNumber(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
