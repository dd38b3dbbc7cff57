import { asyncScheduler, BehaviorSubject, merge, of, Subject, takeUntil, tap } from 'rxjs';
import type { Config } from './config/config.js';
import { EventOrder, type ProcessSignal, type Trigger } from './domain/alarm.js';
import type { CycleEvent } from './domain/cycle-event.js';
import { describeError } from './domain/errors.js';
import { Places } from './operators/limit-parallel.js';
import { createHealthCheck } from './restart/health-check.js';
import { createRestart } from './restart/restart.js';
import { createControlRoutes } from './service/control/control-routes.js';
import { ControlSocket } from './service/control/control-socket.js';
import { createCycleEffects } from './service/cycle-effects.js';
import { dataSourceKey, openDataSource } from './service/data-source.js';
import { Ending } from './service/ending.js';
import { followBinlog } from './service/follow-binlog.js';
import { openHistory } from './service/history.js';
import { lifeSigns } from './service/life-signs.js';
import { createMetricsFacts } from './service/metrics-facts.js';
import { Notifications } from './service/notify/notifications.js';
import { Observers } from './service/observers.js';
import { openState } from './service/open-state.js';
import { ProcessNames } from './service/process-names.js';
import { RunningEffects } from './service/running-effects.js';
import { ServerReport } from './service/server-report.js';
import { StandingReader } from './service/standing-reader.js';
import { StatusBook } from './service/status/status-book.js';
import { createStatusReporter } from './service/status/status-report.js';
import { TableWatch } from './service/table-watch.js';
import { ticksOf } from './service/ticks.js';
import { tellUnitStatus } from './service/unit-status.js';
import { unsettledAlarms } from './service/unsettled-alarms.js';
import { readVersion } from './service/version.js';
import { answerAlarms } from './streams/answer-alarms.js';
import { Holds } from './streams/holds.js';
import { processSignals } from './streams/process-signals.js';
import { createCycleEventLog } from './telemetry/cycle-event-log.js';
import type { LogHandle } from './telemetry/log.js';
import { Metrics } from './telemetry/metrics/metrics.js';
import { MetricsOutlets } from './telemetry/metrics/metrics-outlets.js';
import { StreamLog } from './telemetry/stream-log.js';
import type { Notifier } from './telemetry/systemd-notifier.js';
import { TableLog } from './telemetry/table-log.js';

export interface Service {
  /** Resolves when the service has ended after `stop` or `abort`. */
  readonly ended: Promise<void>;
  /** Takes over a new configuration; what it does not concern goes on (R22). */
  reload(config: Config): Promise<void>;
  /** No new cycles; running ones may finish within `shutdown_timeout` (R22). */
  stop(): void;
  /** Ends everything now; the commands that run are killed. */
  abort(): void;
}

/** Connects all parts and starts them. Never rejects, and the service never ends by itself (R13). */
export async function startService(initial: Config, log: LogHandle, notifier: Notifier): Promise<Service> {
  const config = new BehaviorSubject(initial);
  const isStreaming = new BehaviorSubject(false);
  const stopping = new Subject<void>();
  const rereads = new Subject<Trigger>();
  const order = new EventOrder();
  const running = new RunningEffects();
  const places = new Places(initial.monitor.maxParallelRestarts);
  const { circuits, pauses, answered, unsettled, keeper } = await openState(() => config.value, log);
  const acknowledges = (): boolean => config.value.monitor.acknowledge === 'clear';
  const holds = new Holds(answered, acknowledges);
  let source = openDataSource(initial);

  const names = new ProcessNames();
  const server = new ServerReport(log);
  const tableWatch = new TableWatch();
  const streamLog = new StreamLog(
    log,
    () => server.describe(config.value),
    () => `polling every ${config.value.monitor.fallbackIntervalMs / 1000} s`,
    Date.now,
  );
  const book = new StatusBook();
  const known = {
    config: () => config.value,
    source: () => source,
    streamProblem: () => streamLog.reason,
    ...{ tableWatch, circuits, pauses, names },
  };
  const tellStatus = (): void => tellUnitStatus({ ...known, notifier, isStreaming: () => isStreaming.value });
  const history = openHistory(() => config.value.monitor, log);
  const metrics = new Metrics({
    facts: createMetricsFacts({
      ...{ ...known, keeper, places },
      isStreaming: () => isStreaming.value,
      streamLagMs: () => book.stream.lagMs,
    }),
    version: readVersion(),
    now: Date.now,
  });
  const outlets = new MetricsOutlets(metrics, log);
  const notifications = new Notifications({
    config: () => config.value,
    log,
    onResult: (way, result, count) => metrics.countNotifications(way, result, count),
  });
  // Whoever wants to know what happens has a line here.
  const observers = new Observers(
    [
      { takeEvent: ({ processId, processName }) => names.learn(processId, processName) },
      { takeEvent: (event) => keeper.note(event) },
      { takeEvent: (event) => unsettled.note(event) },
      tableWatch,
      { takeEvent: (event) => streamLog.countAlarm(event), takeSignal: (signal) => streamLog.take(signal) },
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

  const reader = new StandingReader({
    ...known,
    keeper,
    tableLog: new TableLog(log, streamLog, () => config.value.binlog.enabled, Date.now),
    unsettled,
    onEnd() {
      tellStatus();
      notifications.takeTable(tableWatch.problem);
    },
  });
  const signals = processSignals({
    stream: followBinlog({
      config,
      source: () => source,
      server,
      isStreaming,
      onSign: (lagMs) => book.stream.takeSign(lagMs),
      tell: (signal) => observers.tellSignal(signal),
    }),
    ticks: ticksOf(config, isStreaming),
    circuitsDue: circuits.halfOpened,
    pausesEnded: pauses.ended,
    isPaused: (processName) => pauses.holding(processName) !== undefined,
    // What stands when we come up has waited long enough.
    rereads: merge(of<Trigger>('reconnect'), rereads),
    readStanding: () => reader.read(),
    retryAfterMs: () => config.value.monitor.fallbackIntervalMs,
    onReconcileError: (error) => reader.fail(error),
    holds,
    order,
    scheduler: asyncScheduler,
  });
  const effects = createCycleEffects({
    config: () => config.value,
    source: () => source,
    restart: createRestart(),
    checkHealth: createHealthCheck(),
    ...{ circuits, pauses, places, running },
    isStreaming: () => isStreaming.value,
    wasVerified: (processId) => keeper.wasVerified(processId) || unsettled.isLeft(processId),
    onLookUpError: (error) => reader.fail(error),
  });

  const requests = new Subject<ProcessSignal>();
  const happenings = new Subject<CycleEvent>();
  circuits.halfOpened.subscribe((processId) => {
    const processName = names.nameOf(processId);
    happenings.next({ type: 'half-opened', processId, processName, at: Date.now() });
  });
  const told = merge(signals, unsettledAlarms(unsettled.overdue, order), requests).pipe(takeUntil(stopping));
  const onSettled = (processId: number): void => unsettled.settle(processId);
  const events = merge(
    happenings.pipe(takeUntil(stopping)),
    answerAlarms(told, { effects, holds, order, rereads, onSettled, watch: book.cycles }),
  ).pipe(tap((event) => observers.tellEvent(event)));

  const ending: Ending = new Ending({
    ...{ log, notifier, places, running, stopping },
    close: async () => {
      await control.close();
      circuits.stop();
      pauses.stop();
      await Promise.all([
        notifications.close(),
        history.flush(),
        keeper.flush().then(() => source.database.close().catch(() => {})),
      ]);
      await outlets.close();
    },
  });
  const reportStatus = createStatusReporter({
    ...{ ...known, book, server },
    isStopping: () => ending.isStopping,
    isAnswered: (processId) => !acknowledges() && holds.answered.has(processId),
  });
  const control: ControlSocket = new ControlSocket(
    createControlRoutes({
      ...known,
      ...{ log, keeper, holds, order, observers, metrics, requests, happenings, rereads, reportStatus },
    }),
    log,
  );
  ending.follow(events);
  lifeSigns({
    everyMs: notifier.watchdogIntervalMs,
    send: (probe) => requests.next(probe),
    tableSilentForMs: () => tableWatch.silentForMs,
    longestSilenceMs: () => config.value.monitor.checkIntervalMs,
  })
    .pipe(takeUntil(stopping))
    .subscribe(() => notifier.alive());
  await control.listenOn(initial.monitor.controlSocket);
  void outlets.open(initial.metrics);
  notifications.tellStarted();
  notifier.ready();

  return {
    ended: ending.ended,
    abort() {
      notifications.abort();
      ending.abort();
    },
    stop() {
      isStreaming.next(false);
      ending.stop(config.value.monitor.shutdownTimeoutMs);
    },
    async reload(next) {
      await log.reconfigure(next.logging);
      const before = config.value;
      if (dataSourceKey(before) !== dataSourceKey(next)) {
        const old = source;
        source = openDataSource(next);
        void old.database.close();
      }
      config.next(next);
      places.resize(next.monitor.maxParallelRestarts);
      circuits.reschedule();
      holds.releaseAll();
      rereads.next('reconnect');
      await control.listenOn(next.monitor.controlSocket);
      await outlets.open(next.metrics);
    },
  };
}
