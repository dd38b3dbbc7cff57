import type { Config } from '../../config/config.js';
import { LISTED_AT_MOST, type StatusReport } from '../../control/status-report.js';
import { systemNameOf } from '../../domain/cycle/admission.js';
import { reportMaintenance } from '../../domain/cycle/maintenance-report.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { hangingLooks } from '../../restart/processes/hanging-looks.js';
import type { AlarmPipeline } from '../alarms/alarm-pipeline.js';
import type { StreamState } from '../binlog/stream-state.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ReloadQueue } from '../shared/reload-queue.js';
import { VERSION } from '../shared/version.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { TableState } from '../table/table-state.js';
import type { StatusCollector } from './status-collector.js';

/** The parts that know something for the report. */
interface StatusReporterOptions {
  readonly settings: LiveConfig;
  readonly database: Pick<LiveDatabase, 'facts'>;
  readonly alarms: AlarmPipeline;
  readonly stream: StreamState;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly status: StatusCollector;
  readonly reloads: ReloadQueue;
}

/** Makes a report; with `only`, its lists of alarms, cycles, breakers and restarts are about these process_ids, and not cut. */
export type ReportStatus = (only?: ReadonlySet<number>) => Promise<StatusReport>;

/** Builds the status report. Never rejects: without the database it leaves out what only the database knows. */
export function createStatusReporter(options: StatusReporterOptions): ReportStatus {
  const startedAt = Date.now();
  const { settings, alarms, table, state, status, reloads } = options;
  const { names } = table;
  const breakersWithFailures = () =>
    [...state.breakers.snapshot()].filter(([, { state, failures }]) => state !== 'closed' || failures > 0);
  return async (only) => {
    const list = <T>(all: readonly T[], idOf: (entry: T) => number): readonly T[] =>
      only ? all.filter((entry) => only.has(idOf(entry))) : all.slice(0, LISTED_AT_MOST);
    const listAlarms = () => list(table.list(), ({ processId }) => processId);
    const listBreakers = () => list(breakersWithFailures(), ([processId]) => processId);
    // First: what is reported is what is known after it. Without the database, names that are not known yet are shown
    // as ids.
    const concerned = only ?? [
      ...listBreakers().map(([id]) => id),
      ...listAlarms().map((alarm) => alarm.processId),
    ];
    if (table.problem === undefined) await names.lookUp([...concerned]);
    const alarmList = listAlarms();
    const cycles = status.cycles.list;
    const named = (processId: number) => ({ processId, processName: names.nameOf(processId) });
    const { problem } = table;
    const { medianMs } = status.reactions;
    return {
      service: {
        version: VERSION,
        pid: process.pid,
        startedAt,
        configFile: settings.current.file,
        isStopping: alarms.isStopping,
        ...(reloads.refused === undefined ? {} : { refusedConfig: reloads.refused }),
      },
      stream: describeStream(options),
      ...describeDatabase(options),
      table: {
        isKnown: table.standingAlarms !== undefined,
        ...(problem === undefined ? {} : { problem }),
      },
      counts: {
        alarms: table.standingAlarms ?? alarmList.length,
        cycles: cycles.length,
        breakers: breakersWithFailures().length,
      },
      alarms: alarmList.map(({ processId, since }) => ({
        ...named(processId),
        since,
        isAnswered: alarms.isAnswered(processId),
      })),
      cycles: [...list(cycles, ({ processId }) => processId)],
      breakers: listBreakers().map(([processId, breaker]) => ({
        ...named(processId),
        state: breaker.state,
        failures: breaker.failures,
        ...(breaker.state === 'open' ? { retryAt: state.breakers.describe(processId).retryAt } : {}),
        ...(breaker.state === 'open' && breaker.flapping ? { flapping: breaker.flapping } : {}),
      })),
      recentRestarts: countRestarts(
        state.breakers.recentRestarts(),
        settings.current,
        only && [...only].map((processId) => names.nameOf(processId)),
      ),
      pauses: [...state.pauses.snapshot()],
      maintenance: reportMaintenance(
        settings.current.maintenance,
        state.pauses.maintenance.running(),
        state.pauses.maintenance.next(),
      ),
      ...(hangingLooks.left.length > 0 && {
        hanging: hangingLooks.left.map(({ subject, pid, since }) => ({ subject, pid, since })),
      }),
      outcomes: [...status.outcomes.list],
      totals: {
        ...status.outcomes.totals,
        ...(medianMs === undefined ? {} : { medianReactionMs: medianMs }),
      },
    };
  };
}

function describeDatabase({ database }: StatusReporterOptions): Pick<StatusReport, 'database'> {
  const { server, since, was } = database.facts ?? {};
  if (!server || since === undefined) return {};
  const { place, serverId, hostname, mayWrite } = server;
  const before = was && { was: { server: was.place, serverId: was.serverId } };
  return { database: { server: place, serverId, hostname, mayWrite, since, ...before } };
}

function describeStream({ settings, stream }: StatusReporterOptions): StatusReport['stream'] {
  const { binlog, monitor } = settings.current;
  const { facts, server } = stream;
  const reason = binlog.enabled ? stream.reason : 'the binlog is off in config.ini';
  return {
    ...facts,
    state: binlog.enabled ? facts.state : 'polling',
    pollingEveryMs: monitor.fallbackIntervalMs,
    ...(server === undefined ? {} : { server }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function countRestarts(
  restarts: ReadonlyMap<string, readonly number[]>,
  { monitor, processes }: Config,
  only: readonly string[] | undefined,
): StatusReport['recentRestarts'] {
  const wanted = only && new Set(only.map((name) => normalizeUnitName(systemNameOf(name, processes))));
  const listed = wanted
    ? [...restarts].filter(([systemName]) => wanted.has(systemName))
    : [...restarts].slice(-LISTED_AT_MOST);
  return listed.map(([systemName, times]) => ({
    systemName,
    restarts: times.length,
    allowed: monitor.maxRestarts,
  }));
}
