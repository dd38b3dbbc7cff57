import type { StreamSignal } from '../domain/alarm/binlog.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import { describeError } from '../domain/errors.js';
import { createCycleEventLog } from '../telemetry/messages/cycle-event-log.js';
import { StreamLog } from '../telemetry/messages/stream-log.js';
import { Metrics } from '../telemetry/metrics/metrics.js';
import { MetricsOutlets } from '../telemetry/metrics/metrics-exporters.js';
import { ServerReport } from './binlog/server-diagnostics.js';
import { createMetricsFacts } from './metrics-facts.js';
import { Notifications } from './notify/notifications.js';
import type { ServiceParts } from './service-parts.js';
import { Observers } from './shared/observer-list.js';
import { VERSION } from './shared/version.js';
import { type History, openHistory } from './state/history.js';
import { StatusBook } from './status/status-collector.js';
import { tellUnitStatus } from './status/unit-status.js';

/** Everybody who watches what the service does. Nothing that it does waits for them. */
export interface Observation {
  readonly observers: Observers;
  readonly server: ServerReport;
  readonly streamLog: StreamLog;
  readonly book: StatusBook;
  readonly history: History;
  readonly metrics: Metrics;
  readonly outlets: MetricsOutlets;
  readonly notifications: Notifications;
  /** What systemd shows has changed. */
  readonly tellStatus: () => void;
}

export function openObservation(parts: ServiceParts): Observation {
  const { log, notifier, config, isStreaming, names, tableWatch, keeper, unsettled } = parts;
  const server = new ServerReport(log);
  const streamLog = new StreamLog(
    log,
    () => server.describe(config()),
    () => `polling every ${config().monitor.fallbackIntervalMs / 1000} s`,
    Date.now,
  );
  const book = new StatusBook();
  const streamProblem = (): string | undefined => streamLog.reason;
  const tellStatus = (): void => tellUnitStatus({ ...parts, notifier, streamProblem, isStreaming });
  const history = openHistory(() => config().monitor, log);
  const metrics = new Metrics({
    facts: createMetricsFacts({ ...parts, streamLagMs: () => book.stream.lagMs }),
    version: VERSION,
    now: Date.now,
  });
  const notifications = new Notifications({
    config,
    log,
    onResult: (way, result, count) => metrics.countNotifications(way, result, count),
  });
  const observers = new Observers(
    [
      { takeEvent: ({ processId, processName }) => names.learn(processId, processName) },
      { takeEvent: (event) => keeper.note(event) },
      { takeEvent: (event) => unsettled.note(event) },
      tableWatch,
      {
        takeEvent: (event: CycleEvent) => streamLog.countAlarm(event),
        takeSignal: (signal: StreamSignal) => streamLog.take(signal),
      },
      { takeEvent: createCycleEventLog(log) },
      book,
      history,
      metrics,
      notifications,
      // Last: it shows what the others have learnt.
      { takeEvent: tellStatus, takeSignal: tellStatus },
    ],
    (error) => log.error('monitor_service', `internal error, the service goes on: ${describeError(error)}`),
  );
  const outlets = new MetricsOutlets(metrics, log);
  return { observers, server, streamLog, book, history, metrics, outlets, notifications, tellStatus };
}
