import { breakerLimits } from '../../config/breaker-limits.js';
import type { Config } from '../../config/config.js';
import type { StatusReport } from '../../control/status-report.js';
import { openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { displayName } from '../../domain/alarm/alarm.js';
import { msUntilHalfOpen, refreshSaved, withinWindow } from '../../domain/cycle/circuit-breaker.js';
import { reportMaintenance } from '../../domain/cycle/maintenance-report.js';
import { splitExpired } from '../../domain/cycle/pause.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { inspectStateFile } from '../../state/inspect-state-file.js';
import { MaintenanceCalendar } from '../../state/maintenance-calendar.js';

/** What can be known while the service does not run. */
export interface OfflineStatus {
  readonly stateFile: { readonly path: string; readonly writtenAt?: number; readonly problem?: string };
  readonly table: { readonly problem?: string };
  /** How many alarms there are in all; the list may have only the first of them. */
  readonly counts?: { readonly alarms: number };
  readonly alarms: readonly Omit<StatusReport['alarms'][number], 'since'>[];
  readonly breakers: StatusReport['breakers'];
  readonly recentRestarts: StatusReport['recentRestarts'];
  readonly pauses: StatusReport['pauses'];
  readonly maintenance?: StatusReport['maintenance'];
}

/** A person waits: with the start of the program, the answer should take at most 2 s. ms. */
const TABLE_WITHIN_MS = 1500;

/** Reads the state file and the table. Never rejects: if one of them cannot be read, the reason is in the result. */
export async function readOfflineStatus({ monitor, database, maintenance }: Config): Promise<OfflineStatus> {
  const now = Date.now();
  const limits = breakerLimits({ monitor });
  const calendar = new MaintenanceCalendar(maintenance);
  const { state, writtenAt, problem, isMissing } = await inspectStateFile(monitor.stateFile);
  const breakers = [...state.breakers]
    .map(([processId, breaker]) => ({ processId, breaker: refreshSaved(now, breaker, limits) }))
    .filter(({ breaker }) => breaker.state !== 'closed' || breaker.failures > 0);

  const pool = openDatabase(database);
  const table = openAlarmTable(pool, monitor);
  const read = await withTimeout(
    TABLE_WITHIN_MS,
    readTable(
      table,
      breakers.map(({ processId }) => processId),
    ),
  )
    .catch((error: unknown) => ({ problem: describeError(error) }))
    // Not awaited: the server may not answer this either.
    .finally(() => void pool.close());
  const isAnswered = (processId: number): boolean =>
    monitor.acknowledge === 'none' && state.answered.includes(processId);
  const names = 'names' in read ? read.names : new Map<number, string>();
  const isOfThisProcess = ({ processId }: { readonly processId: number }): boolean => {
    const savedFor = state.names.get(processId);
    return savedFor === undefined || savedFor === (names.get(processId) ?? savedFor);
  };

  return {
    stateFile: {
      path: monitor.stateFile,
      ...(writtenAt === undefined ? {} : { writtenAt }),
      ...(problem === undefined
        ? {}
        : {
            problem: isMissing ? `none yet at ${monitor.stateFile}: the service has not run here` : problem,
          }),
    },
    table: 'problem' in read ? { problem: read.problem } : {},
    ...('count' in read ? { counts: { alarms: read.count } } : {}),
    alarms:
      'alarms' in read
        ? read.alarms.map((alarm) => ({ ...alarm, isAnswered: isAnswered(alarm.processId) }))
        : [],
    breakers: breakers.filter(isOfThisProcess).map(({ processId, breaker }) => ({
      processId,
      processName: displayName(processId, names.get(processId)),
      state: breaker.state,
      failures: breaker.failures,
      ...(breaker.state === 'open' ? { retryAt: now + msUntilHalfOpen(breaker, now, limits) } : {}),
      ...(breaker.state === 'open' && breaker.flapping ? { flapping: breaker.flapping } : {}),
    })),
    recentRestarts: [...state.restarts]
      .map(([systemName, times]) => ({
        systemName,
        restarts: withinWindow(times, now, limits).length,
        allowed: limits.maxRestarts,
      }))
      .filter(({ restarts }) => restarts > 0),
    pauses: [...splitExpired(state.pauses, now).standing, ...calendar.pausesAt(now, state.endedRuns)],
    maintenance: reportMaintenance(maintenance, calendar.runsAt(now), calendar.runsAfter(now)),
  };
}

async function readTable(table: AlarmTable, processIds: readonly number[]) {
  const page = await table.readStanding();
  const count = page.isWholeTable ? page.alarms.length : await table.countStanding();
  const found = await table.readNames(processIds);
  return {
    count,
    alarms: page.alarms.map(({ processId, processName }) => ({
      processId,
      processName: displayName(processId, processName),
    })),
    names: new Map([...found].map(([processId, { name }]) => [processId, name])),
  };
}
