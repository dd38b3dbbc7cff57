import { merge, type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import type { EndedRun } from '../domain/cycle/maintenance.js';
import {
  activePauseOf,
  nextPauseEnd,
  type Pause,
  replacePause,
  splitExpired,
} from '../domain/cycle/pause.js';
import { lookAtClock } from './look-at-clock.js';
import { MaintenanceRuns } from './maintenance-runs.js';

export interface PauseEnd {
  readonly pause: Pause;
  /** True if its time was over; false if it was resumed. */
  readonly byItself: boolean;
}

/** The pauses, those of administrators and those of maintenance, and the timer that ends them. */
export class Pauses {
  readonly maintenance: MaintenanceRuns;
  /** Those of administrators. */
  #pauses: readonly Pause[];
  #timer: Subscription | undefined;
  readonly #changed = new Subject<void>();
  readonly #ended = new Subject<PauseEnd>();

  /** `saved` and `endedEarly` are what an earlier run of the service left. */
  constructor(
    private readonly scheduler: SchedulerLike,
    saved: readonly Pause[] = [],
    endedEarly: readonly EndedRun[] = [],
  ) {
    this.maintenance = new MaintenanceRuns(scheduler, endedEarly);
    this.#pauses = splitExpired(saved, scheduler.now()).standing;
    this.#schedule();
  }

  /** Something changed that must survive a restart of the service. */
  get changed(): Observable<void> {
    return merge(this.#changed, this.maintenance.changed);
  }

  /** Pauses that have ended, but not maintenance by the clock. Another pause may still cover their processes. */
  get ended(): Observable<PauseEnd> {
    return this.#ended;
  }

  snapshot(): readonly Pause[] {
    return [...this.byAdministrators(), ...this.maintenance.pauses()];
  }

  /** Those that only the state file knows. */
  byAdministrators(): readonly Pause[] {
    return splitExpired(this.#pauses, this.scheduler.now()).standing;
  }

  /** The pause in effect for this process; of several, the one that ends last. */
  activeFor(processName: string, processId?: number): Pause | undefined {
    const pauses = [...this.#pauses, ...this.maintenance.pauses()];
    return activePauseOf(pauses, processName, this.scheduler.now(), processId);
  }

  add(pause: Pause): void {
    this.#set(replacePause(this.#pauses, pause));
  }

  /** Ends the pauses that `isMeant` selects, and returns them. Of a maintenance only this occurrence ends. */
  end(isMeant: (pause: Pause) => boolean): readonly Pause[] {
    const lifted = this.byAdministrators().filter(isMeant);
    if (lifted.length > 0) this.#set(this.#pauses.filter((pause) => !lifted.includes(pause)));
    const ended = [...lifted, ...this.maintenance.endEarly(isMeant)];
    for (const pause of ended) this.#ended.next({ pause, byItself: false });
    return ended;
  }

  stop(): void {
    this.#timer?.unsubscribe();
    this.maintenance.stop();
  }

  #set(pauses: readonly Pause[]): void {
    this.#pauses = pauses;
    this.#schedule();
    this.#changed.next();
  }

  #schedule(): void {
    this.#timer?.unsubscribe();
    this.#timer = lookAtClock(this.scheduler, nextPauseEnd(this.#pauses), () => this.#look());
  }

  #look(): void {
    const { standing, expired } = splitExpired(this.#pauses, this.scheduler.now());
    if (expired.length === 0) this.#schedule();
    else this.#set(standing);
    for (const pause of expired) this.#ended.next({ pause, byItself: true });
  }
}
