import { BehaviorSubject, Subject, takeUntil } from 'rxjs';
import type { Config } from './config/config.js';
import { KeyedSemaphore } from './operators/limit-concurrency.js';
import { PreforkedShells } from './restart/commands/preforked-shells.js';
import { runCommand } from './restart/commands/run-command.js';
import { openPipeline } from './service/alarms/pipeline.js';
import { RunningCommands } from './service/alarms/running-commands.js';
import { createControlRoutes } from './service/control/control-routes.js';
import { ControlSocket } from './service/control/control-socket.js';
import { createObservers } from './service/service-observers.js';
import type { ServiceParts } from './service/service-parts.js';
import { Shutdown } from './service/shutdown.js';
import { openPersistentState } from './service/state/persistent-state.js';
import { createStatusReporter } from './service/status/status-report.js';
import { dataSourceKey, openDataSource } from './service/table/data-source.js';
import { ProcessNames } from './service/table/process-names.js';
import { TableState } from './service/table/table-state.js';
import { watchdogPings } from './service/watchdog.js';
import type { LogHandle } from './telemetry/log/log.js';
import type { SystemdNotifier } from './telemetry/systemd/systemd-notifier.js';

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
export async function startService(
  initial: Config,
  log: LogHandle,
  notifier: SystemdNotifier,
): Promise<Service> {
  const configs = new BehaviorSubject(initial);
  const config = (): Config => configs.value;
  const streaming = new BehaviorSubject(false);
  let dataSource = openDataSource(initial);
  const state = await openPersistentState(config, log);
  const spares = new PreforkedShells(SPARE_SHELLS);
  const parts: ServiceParts = {
    ...state,
    ...{ log, notifier, configs, config, streaming },
    dataSource: () => dataSource,
    isStreaming: () => streaming.value,
    acknowledges: () => config().monitor.acknowledge === 'clear',
    names: new ProcessNames(),
    tableState: new TableState(),
    places: new KeyedSemaphore(initial.monitor.maxParallelRestarts),
    running: new RunningCommands(),
    run: (command, options) => runCommand(command, { ...options, spares }),
    stopping: new Subject(),
  };
  const { breakers, pauses, store } = state;
  const { places, stopping, tableState } = parts;
  const observation = createObservers(parts);
  const { notifications, history, outlets, streamLog } = observation;
  const pipeline = openPipeline(parts, observation);
  const { holds, requests, reconcileRequests } = pipeline;

  const ending: Shutdown = new Shutdown({
    ...parts,
    close: async () => {
      await control.close();
      breakers.stop();
      pauses.stop();
      spares.close();
      await Promise.all([
        notifications.close(),
        history.flush(),
        store.flush().then(() => dataSource.database.close().catch(() => {})),
      ]);
      await outlets.close();
    },
  });
  const reportStatus = createStatusReporter({
    ...parts,
    ...observation,
    streamProblem: () => streamLog.reason,
    isStopping: () => ending.isStopping,
    isAnswered: (processId) => !parts.acknowledges() && holds.answered.has(processId),
  });
  const control: ControlSocket = new ControlSocket(
    createControlRoutes({ ...parts, ...observation, ...pipeline, reportStatus }),
    log,
  );
  ending.follow(pipeline.events);
  watchdogPings({
    everyMs: notifier.watchdogIntervalMs,
    send: (probe) => requests.next(probe),
    tableSilentForMs: () => tableState.silentForMs,
    longestSilenceMs: () => config().monitor.checkIntervalMs,
  })
    .pipe(takeUntil(stopping))
    .subscribe(() => notifier.ping());
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
      streaming.next(false);
      ending.stop(config().monitor.shutdownTimeoutMs);
    },
    async reload(next) {
      await log.reconfigure(next.logging);
      const before = config();
      if (dataSourceKey(before) !== dataSourceKey(next)) {
        const old = dataSource;
        dataSource = openDataSource(next);
        void old.database.close();
      }
      configs.next(next);
      places.resize(next.monitor.maxParallelRestarts);
      breakers.reschedule();
      holds.releaseAll();
      reconcileRequests.next('reconnect');
      await control.listenOn(next.monitor.controlSocket);
      await outlets.open(next.metrics);
    },
  };
}

/** As a unit of systemd a restart and its health check are three programs: systemctl, and two of systemd-run. */
const SPARE_SHELLS = 3;
