import { isDeepStrictEqual } from 'node:util';
import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import {
  type EndedRun,
  type Maintenance,
  type MaintenanceRun,
  pausesOf,
} from '../domain/cycle/maintenance.js';
import type { Pause } from '../domain/cycle/pause.js';
import { lookAtClock } from './look-at-clock.js';
import { MaintenanceCalendar } from './maintenance-calendar.js';

interface MaintenanceEnd {
  readonly run: MaintenanceRun;
  /** False: a reload has removed or changed it. */
  readonly byItself: boolean;
}

/**
 * The maintenance that runs, and the timer that begins and ends it. The clock alone decides whether it runs, also for a
 * service that starts in the middle of one. Only what an administrator ended early is remembered.
 */
export class MaintenanceRuns {
  #calendar = new MaintenanceCalendar([]);
  #endedEarly: readonly EndedRun[];
  /** The runs whose begin was emitted and whose end was not. */
  #told: readonly MaintenanceRun[] = [];
  #view: View | undefined;
  #timer: Subscription | undefined;
  readonly #changed = new Subject<void>();
  readonly #begun = new Subject<MaintenanceRun>();
  readonly #ended = new Subject<MaintenanceEnd>();

  /** `endedEarly` is what an earlier run of the service left. */
  constructor(
    private readonly scheduler: SchedulerLike,
    endedEarly: readonly EndedRun[],
  ) {
    this.#endedEarly = endedEarly;
  }

  /** Something changed that must survive a restart of the service. */
  get changed(): Observable<void> {
    return this.#changed;
  }

  /** Emits also the runs that are under way when the service starts. */
  get begun(): Observable<MaintenanceRun> {
    return this.#begun;
  }

  /** Those that ended by the clock or by a reload. A pause may still cover their processes. */
  get ended(): Observable<MaintenanceEnd> {
    return this.#ended;
  }

  /** What is remembered over a restart of the service. */
  get endedEarly(): readonly EndedRun[] {
    return this.#endedEarly;
  }

  /** A new configuration: a run that it removes or changes ends; what is new may run at once. */
  replace(maintenance: readonly Maintenance[]): void {
    this.#calendar = new MaintenanceCalendar(maintenance);
    this.#look();
  }

  /** The pauses of all that runs. */
  pauses(): readonly Pause[] {
    return this.#viewAt(this.scheduler.now()).active.flatMap(({ pauses }) => pauses);
  }

  /** What begins next, of each maintenance. */
  next(): readonly MaintenanceRun[] {
    return this.#calendar.runsAfter(this.scheduler.now());
  }

  /** What runs by the clock, ended early or not. */
  running(): readonly MaintenanceRun[] {
    return this.#calendar.runsAt(this.scheduler.now());
  }

  /** Ends this occurrence for the pauses that `isMeant` selects, and returns them. The next one comes as scheduled. */
  endEarly(isMeant: (pause: Pause) => boolean): readonly Pause[] {
    const chosen = this.#viewAt(this.scheduler.now()).active.flatMap(({ run, pauses }) =>
      pauses.filter(isMeant).map((pause) => ({ run, pause })),
    );
    if (chosen.length === 0) return [];
    const marks = chosen.map(({ run: { maintenance, since, until }, pause: { processName } }): EndedRun => {
      const run = { maintenance: maintenance.name, since, until };
      return processName === undefined ? run : { ...run, processName };
    });
    this.#endedEarly = [...this.#endedEarly, ...marks];
    this.#view = undefined;
    const { active } = this.#viewAt(this.scheduler.now());
    // The caller reports these ends.
    this.#told = this.#told.filter((told) => active.some(({ run }) => isDeepStrictEqual(run, told)));
    this.#changed.next();
    return chosen.map(({ pause }) => pause);
  }

  stop(): void {
    this.#timer?.unsubscribe();
  }

  #look(): void {
    const now = this.scheduler.now();
    this.#view = undefined;
    this.#forgetEnded(now);
    const view = this.#viewAt(now);
    this.#timer?.unsubscribe();
    this.#timer = lookAtClock(this.scheduler, view.until, () => this.#look());
    const before = this.#told;
    this.#told = view.active.map(({ run }) => run);
    const isIn = (runs: readonly MaintenanceRun[], run: MaintenanceRun): boolean =>
      runs.some((other) => isDeepStrictEqual(other, run));
    const gone = before.filter((run) => !isIn(this.#told, run));
    const fresh = this.#told.filter((run) => !isIn(before, run));
    for (const run of gone) this.#ended.next({ run, byItself: run.until <= now });
    for (const run of fresh) this.#begun.next(run);
  }

  /** An ended run is kept as long as it runs by the clock, also if a reload has made it longer. */
  #forgetEnded(now: number): void {
    const running = this.#calendar.runsAt(now);
    this.#endedEarly = this.#endedEarly.filter(
      ({ maintenance: name, since, until }) =>
        until > now || running.some((run) => run.maintenance.name === name && run.since === since),
    );
  }

  /** Called for each alarm, so it reads the schedules only after a begin or an end has passed. Emits nothing. */
  #viewAt(now: number): View {
    const known = this.#view;
    if (known && now >= known.from && now < known.until) return known;
    const runs = this.#calendar.runsAt(now);
    const active = runs
      .map((run) => ({ run, pauses: pausesOf(run, this.#endedEarly) }))
      .filter(({ pauses }) => pauses.length > 0);
    const [next] = this.#calendar.runsAfter(now);
    const ends = runs.map(({ until }) => until);
    const until = Math.min(next?.since ?? Number.POSITIVE_INFINITY, ...ends);
    this.#view = { from: now, until, active };
    return this.#view;
  }
}

/** What runs between two times, ms since the epoch. */
interface View {
  readonly from: number;
  readonly until: number;
  readonly active: readonly { readonly run: MaintenanceRun; readonly pauses: readonly Pause[] }[];
}
