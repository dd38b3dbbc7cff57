import type { Config } from '../../../config/config.js';
import type { StatusReport } from '../../../control/status-report.js';
import type { ListedProcess } from '../../../db/tables/list-processes.js';
import { displayName } from '../../../domain/alarm/alarm.js';
import { systemNameOf } from '../../../domain/cycle/admission.js';
import type { CycleRecord } from '../../../domain/cycle/cycle-record.js';
import { activePauseOf, type Pause } from '../../../domain/cycle/pause.js';
import { normalizeUnitName } from '../../../domain/system-name.js';
import type { DryRun } from '../../check/dry-run/dry-run.js';
import type { AlarmFacts } from '../status-rows.js';

/** All that is known of one process. Times are ms since the epoch. */
export interface ProcessStatus {
  readonly processId: number;
  readonly processName: string;
  /** `since` and `isAnswered`: from the running service. */
  readonly alarm: { readonly isRaised: boolean; readonly since?: number; readonly isAnswered?: boolean };
  readonly notes: string | null;
  readonly cycle?: StatusReport['cycles'][number];
  readonly pause?: Pause;
  /** Absent: closed, and no failed cycle counts. */
  readonly breaker?: StatusReport['breakers'][number];
  /** Within `restart_window`; `allowed` of them open the breaker, 0: any number. */
  readonly restarts: { readonly count: number; readonly allowed: number };
  /** The last one in the history. */
  readonly lastCycle?: CycleRecord;
  /** What an alarm would do now, as `check --dry-run` says it. Absent: PROCESE has no name for it. */
  readonly onAlarm?: DryRun;
}

/** Puts together what the service (or its state file), the table, the history and a dry run say of one process. Pure. */
export function composeProcessStatus(
  { processId, name, isRaised, notes }: ListedProcess,
  facts: AlarmFacts,
  config: Pick<Config, 'processes' | 'monitor'>,
  now: number,
  more: Pick<ProcessStatus, 'lastCycle' | 'onAlarm'>,
): ProcessStatus {
  const processName = displayName(processId, name);
  const isIt = (other: { readonly processId: number }): boolean => other.processId === processId;
  const alarm = facts.alarms.find(isIt);
  const cycle = facts.cycles?.find(isIt);
  const breaker = facts.breakers.find(isIt);
  const pause = activePauseOf(facts.pauses, processName, now, processId);
  const systemName = normalizeUnitName(systemNameOf(processName, config.processes));
  const counted = facts.recentRestarts.find((each) => each.systemName === systemName);
  return {
    processId,
    processName,
    alarm: {
      // The service may know more than the row: with acknowledge = none an alarm stays raised.
      isRaised: isRaised || alarm !== undefined,
      ...(alarm?.since !== undefined && { since: alarm.since }),
      ...(alarm?.isAnswered && { isAnswered: true }),
    },
    notes,
    ...(cycle && { cycle }),
    ...(pause && { pause }),
    ...(breaker && { breaker }),
    restarts: { count: counted?.restarts ?? 0, allowed: counted?.allowed ?? config.monitor.maxRestarts },
    ...more,
  };
}
