import { describeProcesses, type Maintenance } from '../../../domain/cycle/maintenance.js';
import { reportMaintenance } from '../../../domain/cycle/maintenance-report.js';
import { type Finding, okFinding } from '../../../domain/finding.js';
import { formatLocalTime } from '../../../domain/local-time.js';
import { MaintenanceCalendar } from '../../../state/maintenance-calendar.js';

/** Reports when each maintenance runs, by the clock of this host. */
export function checkMaintenance(maintenance: readonly Maintenance[], now: number): Finding[] {
  const calendar = new MaintenanceCalendar(maintenance);
  const reports = reportMaintenance(maintenance, calendar.runsAt(now), calendar.runsAfter(now));
  return reports.map(({ name, processes = [], reason, running, next }) => {
    const runs = running === undefined ? [] : [`runs until ${formatLocalTime(running.until)}`];
    const follows =
      next === undefined
        ? []
        : [`next from ${formatLocalTime(next.since)} to ${formatLocalTime(next.until)}`];
    const why = reason === undefined ? '' : ` (${reason})`;
    return okFinding(name, `${[...runs, ...follows].join('; ')}: ${describeProcesses({ processes })}${why}`);
  });
}
