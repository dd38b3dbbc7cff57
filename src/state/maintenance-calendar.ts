import {
  type EndedRun,
  type Maintenance,
  type MaintenanceRun,
  pausesOf,
  runAfter,
  runAt,
} from '../domain/cycle/maintenance.js';
import type { Pause } from '../domain/cycle/pause.js';
import { type CronSchedule, parseCronSchedule } from '../lib/cron-schedule.js';

/** When the maintenance of the configuration runs, by the clock and time zone of this host. A pure function of the time. */
export class MaintenanceCalendar {
  readonly #entries: readonly { readonly maintenance: Maintenance; readonly schedule: CronSchedule }[];

  constructor(maintenance: readonly Maintenance[]) {
    this.#entries = maintenance.map((entry) => ({
      maintenance: entry,
      schedule: parseCronSchedule(entry.schedule),
    }));
  }

  /** What runs at `now`. */
  runsAt(now: number): readonly MaintenanceRun[] {
    return this.#entries.flatMap(
      ({ maintenance, schedule }) => runAt(maintenance, (after) => schedule.next(after), now) ?? [],
    );
  }

  /** What begins next, of each maintenance, the earliest first. */
  runsAfter(now: number): readonly MaintenanceRun[] {
    return this.#entries
      .flatMap(
        ({ maintenance, schedule }) => runAfter(maintenance, (after) => schedule.next(after), now) ?? [],
      )
      .toSorted((one, other) => one.since - other.since);
  }

  /** The pauses of what runs at `now`. */
  pausesAt(now: number, ended: readonly EndedRun[]): readonly Pause[] {
    return this.runsAt(now).flatMap((run) => pausesOf(run, ended));
  }
}
