import type { StreamSignal } from '../domain/alarm/binlog.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import { describeError } from '../domain/errors.js';
import { createCycleEventLog } from '../telemetry/messages/cycle-event-log.js';
import { StreamLog } from '../telemetry/messages/stream-log.js';
import { Metrics } from '../telemetry/metrics/metrics.js';
import { MetricsExporters } from '../telemetry/metrics/metrics-exporters.js';
import { ServerDiagnostics } from './binlog/server-diagnostics.js';
import { createMetricsSource } from './metrics-facts.js';
import { Notifications } from './notify/notifications.js';
import type { ServiceParts } from './service-parts.js';
import { ObserverList } from './shared/observer-list.js';
import { VERSION } from './shared/version.js';
import { type History, openHistory } from './state/history.js';
import { StatusCollector } from './status/status-collector.js';
import { notifySystemdStatus } from './status/unit-status.js';

/** Everybody who watches what the service does. Nothing that it does waits for them. */
export interface ServiceObservers {
  readonly observers: ObserverList;
  readonly server: ServerDiagnostics;
  readonly streamLog: StreamLog;
  readonly book: StatusCollector;
  readonly history: History;
  readonly metrics: Metrics;
  readonly outlets: MetricsExporters;
  readonly notifications: Notifications;
  /** What systemd shows has changed. */
  readonly tellStatus: () => void;
}

export function createObservers(parts: ServiceParts): ServiceObservers {
  const { log, notifier, config, isStreaming, names, tableState, store, unconfirmed } = parts;
  const server = new ServerDiagnostics(log);
  const streamLog = new StreamLog(
    log,
    () => server.describe(config().database) ?? 'the server',
    () => `polling every ${config().monitor.fallbackIntervalMs / 1000} s`,
    Date.now,
  );
  const book = new StatusCollector();
  const streamProblem = (): string | undefined => streamLog.reason;
  const tellStatus = (): void => notifySystemdStatus({ ...parts, notifier, streamProblem, isStreaming });
  const history = openHistory(() => config().monitor, log);
  const metrics = new Metrics({
    facts: createMetricsSource({ ...parts, streamLagMs: () => book.stream.lagMs }),
    version: VERSION,
    now: Date.now,
  });
  const notifications = new Notifications({
    config,
    log,
    onResult: (way, result, count) => metrics.countNotifications(way, result, count),
  });
  const observers = new ObserverList(
    [
      { onEvent: ({ processId, processName }) => names.learn(processId, processName) },
      { onEvent: (event) => store.onEvent(event) },
      { onEvent: (event) => unconfirmed.onEvent(event) },
      tableState,
      {
        onEvent: (event: CycleEvent) => streamLog.countAlarm(event),
        onSignal: (signal: StreamSignal) => streamLog.take(signal),
      },
      { onEvent: createCycleEventLog(log) },
      book,
      history,
      metrics,
      notifications,
      // Last: it shows what the others have learnt.
      { onEvent: tellStatus, onSignal: tellStatus },
    ],
    (error) => log.error('monitor_service', `internal error, the service goes on: ${describeError(error)}`),
  );
  const outlets = new MetricsExporters(metrics, log);
  return { observers, server, streamLog, book, history, metrics, outlets, notifications, tellStatus };
}
