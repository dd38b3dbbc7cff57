import type { Maintenance, MaintenanceRun } from './maintenance.js';

/** One maintenance, for the status, with its running and its next occurrence. Times are ms since the epoch. */
interface MaintenanceReport {
  readonly name: string;
  readonly schedule: string;
  /** Absent: all processes. */
  readonly processes?: string[];
  readonly reason?: string;
  /** The occurrence that runs by the clock. */
  readonly running?: { readonly since: number; readonly until: number };
  readonly next?: { readonly since: number; readonly until: number };
}

/** Reports each maintenance, with what runs now and what begins next. */
export function reportMaintenance(
  maintenance: readonly Maintenance[],
  running: readonly MaintenanceRun[],
  next: readonly MaintenanceRun[],
): MaintenanceReport[] {
  return maintenance.map(({ name, schedule, processes, reason }) => {
    const runs = timesOf(running, name);
    const follows = timesOf(next, name);
    return {
      name,
      schedule,
      ...(processes.length === 0 ? {} : { processes: [...processes] }),
      ...(reason === undefined ? {} : { reason }),
      ...(runs && { running: runs }),
      ...(follows && { next: follows }),
    };
  });
}

function timesOf(
  runs: readonly MaintenanceRun[],
  name: string,
): { since: number; until: number } | undefined {
  const run = runs.find(({ maintenance }) => maintenance.name === name);
  return run && { since: run.since, until: run.until };
}
