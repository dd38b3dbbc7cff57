import type { Pause } from './pause.js';

/** `[maintenance.NAME]`: a pause that begins and ends by the clock. */
export interface Maintenance {
  readonly name: string;
  /** When it begins, as in a crontab. */
  readonly schedule: string;
  /** Elapsed time: a change to or from summer time makes it neither shorter nor longer. */
  readonly durationMs: number;
  /** Names as in PROCESE; empty: every process. */
  readonly processes: readonly string[];
  readonly reason?: string;
}

/** One occurrence, from `since` to `until`, ms since the epoch. */
export interface MaintenanceRun {
  readonly maintenance: Maintenance;
  readonly since: number;
  readonly until: number;
}

/** An administrator has ended one occurrence early, for one of its processes or for all. */
export interface EndedRun {
  readonly maintenance: string;
  readonly since: number;
  readonly until: number;
  /** Absent: of a maintenance of all processes. */
  readonly processName?: string;
}

/** The first time of a schedule after another; undefined: it never comes again. */
type NextStart = (after: number) => number | undefined;

/** The occurrence that runs at `now`. If two overlap, as on the day of a clock change, the one that ends later. */
export function runAt(maintenance: Maintenance, next: NextStart, now: number): MaintenanceRun | undefined {
  let since: number | undefined;
  for (
    let start = next(now - maintenance.durationMs);
    start !== undefined && start <= now;
    start = next(start)
  ) {
    since = start;
  }
  return since === undefined ? undefined : toRun(maintenance, since);
}

/** The occurrence that begins next, after `now`. */
export function runAfter(maintenance: Maintenance, next: NextStart, now: number): MaintenanceRun | undefined {
  const since = next(now);
  return since === undefined ? undefined : toRun(maintenance, since);
}

/** The pauses of an occurrence, without those that were ended early: one for each of its processes, or one for all. */
export function pausesOf(
  { maintenance, since, until }: MaintenanceRun,
  ended: readonly EndedRun[],
): readonly Pause[] {
  const { name, processes, reason } = maintenance;
  const names = processes.length === 0 ? [undefined] : processes;
  const isEnded = (processName: string | undefined): boolean =>
    ended.some(
      (entry) => entry.maintenance === name && entry.since === since && entry.processName === processName,
    );
  return names
    .filter((processName) => !isEnded(processName))
    .map((processName) => ({
      ...(processName === undefined ? {} : { processName }),
      since,
      until,
      by: `maintenance ${name}`,
      maintenance: name,
      ...(reason === undefined ? {} : { reason }),
    }));
}

/** `all processes`, or their names. */
export function describeProcesses({ processes }: Pick<Maintenance, 'processes'>): string {
  return processes.length === 0 ? 'all processes' : processes.join(', ');
}

function toRun(maintenance: Maintenance, since: number): MaintenanceRun {
  return { maintenance, since, until: since + maintenance.durationMs };
}
