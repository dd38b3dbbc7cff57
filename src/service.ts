import {
  asyncScheduler,
  BehaviorSubject,
  distinctUntilChanged,
  map,
  merge,
  type Observable,
  of,
  Subject,
  share,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs';
import type { Config } from './config/config.js';
import { displayName, EventOrder, type ProcessSignal, type Trigger } from './domain/alarm.js';
import type { StreamSignal } from './domain/binlog.js';
import type { CycleEvent } from './domain/cycle-event.js';
import { describeError } from './domain/errors.js';
import { fromAbortable } from './operators/from-abortable.js';
import { Places } from './operators/limit-parallel.js';
import { createHealthCheck } from './restart/health-check.js';
import { createRestart } from './restart/restart.js';
import { createCycleEffects } from './service/cycle-effects.js';
import { dataSourceKey, openDataSource } from './service/data-source.js';
import { lifeSigns } from './service/life-signs.js';
import { RunningEffects } from './service/running-effects.js';
import { ServerReport } from './service/server-report.js';
import { describeStatus } from './service/status-line.js';
import { TableWatch } from './service/table-watch.js';
import { watchBinlog } from './service/watch-binlog.js';
import { Circuits } from './state/circuits.js';
import { readStateFile } from './state/state-file.js';
import { StateKeeper } from './state/state-keeper.js';
import { answerAlarms } from './streams/answer-alarms.js';
import { Holds } from './streams/holds.js';
import { pollTicks } from './streams/poll-ticks.js';
import { processSignals } from './streams/process-signals.js';
import { createCycleEventLog } from './telemetry/cycle-event-log.js';
import type { LogHandle } from './telemetry/log.js';
import type { Notifier } from './telemetry/notify.js';
import { OutageLog } from './telemetry/outage-log.js';
import { StreamLog } from './telemetry/stream-log.js';

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
  const saved = await readStateFile(initial.monitor.stateFile, (problem) =>
    log.warn('monitor_service', problem),
  );
  const config = new BehaviorSubject(initial);
  const isStreaming = new BehaviorSubject(false);
  const stopping = new Subject<void>();
  const rereads = new Subject<Trigger>();
  const order = new EventOrder();
  const holds = new Holds();
  const running = new RunningEffects();
  const places = new Places(initial.monitor.maxParallelRestarts);
  const circuits = new Circuits(
    () => {
      const { maxRestartFailures, circuitResetTimeMs } = config.value.monitor;
      return { maxFailures: maxRestartFailures, resetTimeMs: circuitResetTimeMs };
    },
    asyncScheduler,
    saved.circuits,
  );
  const stateOutage = new OutageLog(log, Date.now);
  const keeper = new StateKeeper({
    file: initial.monitor.stateFile,
    circuits,
    verified: saved.verified,
    onFailure: (problem) =>
      stateOutage.lost(
        problem,
        `the state file cannot be written: ${problem}; breakers would not survive a restart`,
      ),
    onSuccess: () => stateOutage.back(() => 'the state file can be written again'),
  });
  let source = openDataSource(initial);

  const server = new ServerReport(log);
  const streamLog = new StreamLog(
    log,
    () => server.describe(config.value),
    () => `polling every ${config.value.monitor.fallbackIntervalMs / 1000} s`,
    Date.now,
  );
  const tableOutage = new OutageLog(log, Date.now);
  const onTableError = (error: unknown): void => {
    const reason = describeError(error);
    // The stream has told it already where the database as a whole is away.
    if (reason === streamLog.reason) return;
    tableOutage.lost(reason, `the table cannot be read: ${reason}; trying until it can be`);
  };

  const names = new Map<number, string>();
  const nameOf = (processId: number): string => names.get(processId) ?? displayName(processId, undefined);
  const tableWatch = new TableWatch();
  const tellStatus = (): void => {
    const { binlog, monitor } = config.value;
    notifier.status(
      describeStatus({
        isStreaming: isStreaming.value,
        isBinlogEnabled: binlog.enabled,
        streamProblem: streamLog.reason,
        fallbackIntervalMs: monitor.fallbackIntervalMs,
        tableProblem: tableWatch.problem,
        standingAlarms: tableWatch.standingAlarms,
        openCircuits: circuits.open().map(nameOf),
      }),
    );
  };

  const stream: Observable<StreamSignal> = config.pipe(
    distinctUntilChanged((a, b) => streamKey(a) === streamKey(b)),
    switchMap((current) => {
      isStreaming.next(false);
      return watchBinlog(current, source, (settings, diagnoses) => server.take(settings, diagnoses));
    }),
    tap((signal) => {
      streamLog.take(signal);
      if (signal.kind === 'streaming') isStreaming.next(true);
      if (signal.kind === 'lost') isStreaming.next(false);
      tableWatch.noteSignal(signal);
      tellStatus();
    }),
    share(),
  );
  const ticks = config.pipe(
    map(({ monitor: { checkIntervalMs, fallbackIntervalMs } }) => ({ checkIntervalMs, fallbackIntervalMs })),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    switchMap((intervals) => pollTicks({ ...intervals, isStreaming, scheduler: asyncScheduler })),
  );
  const signals = processSignals({
    stream,
    ticks,
    circuitsDue: circuits.halfOpened,
    // What stands when we come up has waited long enough.
    rereads: merge(of<Trigger>('reconnect'), rereads),
    readStanding: () =>
      tableWatch.watch(fromAbortable(() => source.table.readStanding())).pipe(
        tap({
          next: (rows) => {
            tableOutage.back((ms) => `the table can be read again after ${(ms / 1000).toFixed(1)} s`);
            for (const { processId, processName } of rows)
              names.set(processId, displayName(processId, processName));
            keeper.keepOnly(new Set(rows.map(({ processId }) => processId)), Date.now());
          },
          finalize: tellStatus,
        }),
      ),
    retryAfterMs: initial.monitor.fallbackIntervalMs,
    onReconcileError: onTableError,
    holds,
    order,
    scheduler: asyncScheduler,
  }).pipe(takeUntil(stopping));
  const effects = createCycleEffects({
    config: () => config.value,
    source: () => source,
    restart: createRestart(),
    checkHealth: createHealthCheck(),
    circuits,
    places,
    running,
    isStreaming: () => isStreaming.value,
    wasVerified: (processId) => keeper.wasVerified(processId),
    onLookUpError: onTableError,
  });

  const logEvent = createCycleEventLog(log);
  const halfOpened = circuits.halfOpened.pipe(
    map((processId): CycleEvent => {
      return { type: 'half-opened', processId, processName: nameOf(processId), at: Date.now() };
    }),
    takeUntil(stopping),
  );
  const probes = new Subject<ProcessSignal>();
  const told = merge(signals, probes.pipe(takeUntil(stopping)));
  const events = merge(halfOpened, answerAlarms(told, { effects, holds, order, rereads })).pipe(
    tap((event) => {
      names.set(event.processId, event.processName);
      keeper.note(event);
      tableWatch.noteEvent(event);
      streamLog.countAlarm(event);
      logEvent(event);
      tellStatus();
    }),
  );

  const closeAll = async (): Promise<void> => {
    await keeper.flush();
    await source.database.close().catch(() => {});
  };
  let shutdownTimer: NodeJS.Timeout | undefined;
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    let isEnding = false;
    end = () => {
      if (isEnding) return;
      isEnding = true;
      clearTimeout(shutdownTimer);
      circuits.stop();
      running.settled().subscribe(() => void closeAll().then(resolve));
    };
  });
  const pipeline = events.subscribe({ complete: end });
  lifeSigns({
    everyMs: notifier.watchdogIntervalMs,
    send: (probe) => probes.next(probe),
    tableSilentForMs: () => tableWatch.silentForMs,
    longestSilenceMs: () => config.value.monitor.checkIntervalMs,
  })
    .pipe(takeUntil(stopping))
    .subscribe(() => notifier.alive());
  notifier.ready();
  const abort = (): void => {
    // First: a place that an aborted cycle gives back must not start the next one.
    places.close();
    pipeline.unsubscribe();
    end();
  };

  return {
    ended,
    abort,
    stop() {
      isStreaming.next(false);
      stopping.next();
      places.close();
      const limitMs = config.value.monitor.shutdownTimeoutMs;
      notifier.stopping(limitMs + ENDING_MS);
      shutdownTimer = setTimeout(() => {
        log.warn(
          'monitor_service',
          `running cycles did not end within ${limitMs / 1000} s, they are ended now`,
        );
        abort();
      }, limitMs);
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
    },
  };
}

/** After the shutdown timeout: killing commands, the last write of the state, closing the connections. */
const ENDING_MS = 15_000;

/** What decides whether a reload needs a new binlog connection. */
function streamKey(config: Config): string {
  return JSON.stringify([dataSourceKey(config), config.binlog]);
}
