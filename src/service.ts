import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from './config/config.js';
import { secretsOf } from './config/secrets-of.js';
import type { ReloadReply } from './control/replies.js';
import { AdminActions } from './service/admin/admin-actions.js';
import { AlarmPipeline } from './service/alarms/alarm-pipeline.js';
import { pollTicksFor } from './service/alarms/alarm-sources.js';
import { Commands } from './service/alarms/commands.js';
import { createCapacity, createOrder } from './service/alarms/create-order.js';
import { createCycleEffects } from './service/alarms/cycle-effects.js';
import { RestartFollowers } from './service/alarms/restart-followers.js';
import { binlogAcrossReloads } from './service/binlog/binlog-across-reloads.js';
import { StreamState } from './service/binlog/stream-state.js';
import { createControlRoutes } from './service/control/control-routes.js';
import { ControlSocket } from './service/control/control-socket.js';
import { Escalations } from './service/notify/escalations.js';
import { Notifications } from './service/notify/notifications.js';
import { LiveConfig } from './service/shared/live-config.js';
import { ObserverList } from './service/shared/observer-list.js';
import { ReloadQueue } from './service/shared/reload-queue.js';
import { VERSION } from './service/shared/version.js';
import { ShutdownRunner } from './service/shutdown-runner.js';
import { openHistory } from './service/state/history.js';
import { openPersistentState } from './service/state/persistent-state.js';
import { openStartMemory, rememberStarts } from './service/state/remember-starts.js';
import { createMetricsSource } from './service/status/create-metrics-source.js';
import { logHangingLooks } from './service/status/log-hanging-looks.js';
import { StatusCollector } from './service/status/status-collector.js';
import { createStatusReporter } from './service/status/status-reporter.js';
import { createUnitStatus } from './service/status/unit-status.js';
import { DisplayNames } from './service/table/display-names.js';
import { LiveDatabase } from './service/table/live-database.js';
import { TableReader } from './service/table/table-reader.js';
import { TableState } from './service/table/table-state.js';
import { watchdogPings } from './service/watchdog.js';
import { WebPage } from './service/web/web-page.js';
import type { LogHandle } from './telemetry/log/log.js';
import { createMask } from './telemetry/log/mask-secrets.js';
import { createCycleEventLog } from './telemetry/messages/cycle-event-log.js';
import { ServerLog } from './telemetry/messages/server-log.js';
import { TableLog } from './telemetry/messages/table-log.js';
import { Metrics } from './telemetry/metrics/metrics.js';
import { MetricsExporters } from './telemetry/metrics/metrics-exporters.js';
import type { SystemdNotifier } from './telemetry/systemd/systemd-notifier.js';

export interface Service {
  /** Resolves when the service has ended after `stop` or `abort` and the log is closed. Never rejects. */
  readonly ended: Promise<void>;
  /**
   * Reads the configuration again and puts it into force if it is valid; the reply says which. The stream, the breakers
   * and the running cycles go on if it leaves them unchanged (R22). Never rejects.
   */
  reload(): Promise<ReloadReply>;
  /** Begins no new cycle. Running cycles may finish within `shutdown_timeout` (R22). */
  stop(): void;
  /** Ends everything at once. Commands that run are killed. */
  abort(): void;
}

/**
 * The time that systemd is asked to allow after `shutdown_timeout`, in ms: to kill commands, write the state and
 * close connections.
 */
const CLOSE_MS = 15_000;

/** Connects all parts and starts them. Never rejects. The service never ends by itself (R13). */
export async function startService(
  initial: Config,
  log: LogHandle,
  notifier: SystemdNotifier,
  load: () => Config,
): Promise<Service> {
  const settings = new LiveConfig(initial);
  const state = await openPersistentState(settings, log);
  // Created before the parts that read through it, because subscribers are called in this order: a reload must
  // replace the database first.
  const database = new LiveDatabase(settings);
  const memory = await openStartMemory(settings, log);
  const commands = new Commands(settings, memory, log);
  const { slots } = commands;
  const capacity = createCapacity(settings);
  const order = createOrder(settings, capacity);
  const stream = new StreamState(settings, log);
  const names = new DisplayNames(database, (processId, name) => state.meet(processId, name));
  const table = new TableState(names);
  const reloads = new ReloadQueue(load, log);
  const status = new StatusCollector();
  logHangingLooks(log);
  const metrics = new Metrics({
    facts: createMetricsSource({ settings, database, stream, table, state, slots, order }),
    version: VERSION,
    now: Date.now,
  });
  const exporters = new MetricsExporters(metrics, log);
  const history = openHistory(settings, log);
  const notifications = new Notifications({
    ...{ settings, log, run: commands.run },
    onResult: (way, result, count) => metrics.countNotifications(way, result, count),
  });

  const escalations = new Escalations({
    ...{ settings, run: commands.run },
    tell: (event) => observers.tellEvent(event),
  });

  const observers = new ObserverList(
    [
      // The order matters: the later ones ask the first ones, which must have learnt of the event by then.
      stream,
      table,
      state,
      new ServerLog(log, () => settings.current.monitor.acknowledge === 'none'),
      { onEvent: createCycleEventLog(log) },
      status,
      history,
      metrics,
      notifications,
      escalations,
      createUnitStatus({ notifier, settings, stream, table, state, reloads }),
    ],
    log,
    (text) => createMask(secretsOf(settings.current))(text),
  );
  const tableLog = new TableLog(log, stream, () => settings.current.binlog.enabled, Date.now);
  const reader = new TableReader({ settings, database, table, state, tableLog, observers });
  const alarms = new AlarmPipeline({
    settings,
    sources: {
      binlog: binlogAcrossReloads({ settings, database, stream, table, observers }),
      ticks: pollTicksFor(settings, stream.isStreamingChanges),
      reader,
    },
    effects: createCycleEffects({ settings, database, reader, commands, state, stream, order }),
    capacity,
    state,
    table,
    observers,
  });
  database.serverChanges.subscribe((change) => {
    observers.tellServerChange(change);
    // The stream of the new server begins at the end of its binlog (R1), and there may be no stream at all.
    if (change.was) alarms.reconcile('reconnect');
  });
  const followers = new RestartFollowers({ settings, state, database, alarms, log });
  observers.add(followers);
  const admin = new AdminActions({ alarms, state, database, names, observers, log });
  const reportStatus = createStatusReporter({
    settings,
    database,
    alarms,
    stream,
    table,
    state,
    status,
    reloads,
  });
  const reload = async (): Promise<ReloadReply> => {
    notifier.reloading();
    const reply = await reloads.run(async (next) => {
      // First, so that everything that follows is logged as the new file says.
      await log.reconfigure(next.logging);
      settings.replace(next);
      await Promise.all([control.settled, exporters.settled, web.settled]);
    });
    observers.tellReload();
    notifier.ready();
    // ExecReload= of the unit ends after this, and systemd must know by then.
    await notifier.flush();
    return reply;
  };
  const control = new ControlSocket(
    createControlRoutes({ admin, metrics, reportStatus, reload, notifications }),
    log,
  );

  await commands.endLeftovers();
  alarms.start();
  followers.begin();
  const remembering = rememberStarts(settings, memory, commands.systemd, observers.events);
  const watchdog = watchdogPings({
    everyMs: notifier.watchdogIntervalMs,
    send: (probe) => alarms.send(probe),
    tableSilentForMs: () => table.silentForMs,
    longestSilenceMs: () => settings.current.monitor.checkIntervalMs,
    touchFile: () => stat(dirname(initial.monitor.stateFile)),
  }).subscribe(() => notifier.ping());
  settings
    .changes((config) => config.metrics)
    .subscribe((metricsConfig) => void exporters.open(metricsConfig));
  settings.changes(({ monitor }) => monitor.controlSocket).subscribe((path) => void control.listenOn(path));
  const web = new WebPage({
    ...{ settings, log, observers, admin, reportStatus },
    shown: { database, alarms, table, state, status, history },
  });
  await control.settled;
  notifications.tellStarted();
  notifier.ready();

  // The order of the shutdown (R22).
  const shutdown = new ShutdownRunner(log, {
    stop: [
      // First, so that no cycle waits for its own write to come back through the binlog.
      ['binlog', () => stream.end()],
      ['watchdog', () => watchdog.unsubscribe()],
      ['memory of running processes', () => remembering.unsubscribe()],
      ['new alarms', () => alarms.stop()],
      ['restart_with', () => followers.stop()],
      ['waiting cycles', () => slots.close()],
      ['systemd', () => notifier.stopping(settings.current.monitor.shutdownTimeoutMs + CLOSE_MS)],
    ],
    abort: [
      ['notifications', () => notifications.abort()],
      ['escalations', () => escalations.abort()],
      // Before the cycles: a slot that an aborted cycle gives back must not start the next one.
      ['waiting cycles', () => slots.close()],
      ['running cycles', () => alarms.abort()],
    ],
    // What was opened last is closed first.
    close: [
      ['running commands', () => commands.allEnded()],
      ['reloads', () => settings.close()],
      ['page', () => web.close()],
      ['control socket', () => control.close()],
      ['escalations', () => escalations.close()],
      ['notifications', () => notifications.close()],
      ['history', () => history.flush()],
      ['metrics', () => exporters.close()],
      ['preforked shells and systemd', () => commands.close()],
      ['database', () => database.close()],
      ['timers of breakers and pauses', () => state.stopTimers()],
      ['state file', () => state.flush()],
      ['systemd', () => notifier.flush()],
      ['log', () => closeLog(log)],
    ],
  });
  void alarms.ended.then(() => shutdown.close());

  return {
    ended: shutdown.ended,
    stop: () => shutdown.stop(settings.current.monitor.shutdownTimeoutMs),
    abort: () => shutdown.abort(),
    reload,
  };
}

function closeLog(log: LogHandle): Promise<void> {
  log.info('monitor_service', 'stopped');
  return log.close();
}
