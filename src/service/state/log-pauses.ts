import { describeProcesses } from '../../domain/cycle/maintenance.js';
import { formatLocalTime } from '../../domain/local-time.js';
import type { MaintenanceRuns } from '../../state/maintenance-runs.js';
import type { PauseEnd } from '../../state/pauses.js';
import type { Log } from '../../telemetry/log/log.js';

/** Logs the end of a pause, unless an administrator has ended it. */
export function logPauseEnd({ pause: { processName, by, reason }, byItself }: PauseEnd, log: Log): void {
  if (!byItself) return;
  const whose = `${processName === undefined ? 'the pause of all processes' : 'the pause'} by ${by}`;
  log.info(processName ?? 'monitor_service', `${whose}${inBrackets(reason)} is over`);
}

/** Logs the begin and the end of each maintenance. */
export function logMaintenance(runs: MaintenanceRuns, log: Log): void {
  const tell = (text: string): void => log.info('monitor_service', text);
  runs.begun.subscribe(({ maintenance, until }) => {
    const { name, reason } = maintenance;
    const which = `${describeProcesses(maintenance)} paused until ${formatLocalTime(until)}`;
    tell(`maintenance ${name} begins: ${which}${inBrackets(reason)}`);
  });
  runs.ended.subscribe(({ run: { maintenance }, byItself }) => {
    const why = byItself ? 'is over' : 'ends: the configuration has changed';
    tell(`maintenance ${maintenance.name}${inBrackets(maintenance.reason)} ${why}`);
  });
}

function inBrackets(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${reason})`;
}
