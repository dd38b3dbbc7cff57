import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import {
  activePauseOf,
  nextPauseEnd,
  type Pause,
  replacePause,
  splitExpired,
} from '../domain/cycle/pause.js';

/** How often the clock is read while a pause has an end: the clock may be set, and the machine may sleep. ms. */
const LOOK_EVERY_MS = 60_000;

export interface PauseEnd {
  readonly pause: Pause;
  /** True if its time was over; false if it was resumed. */
  readonly byItself: boolean;
}

/** The pauses, and the timer that ends them. */
export class Pauses {
  #pauses: readonly Pause[];
  #timer: Subscription | undefined;
  readonly #changed = new Subject<void>();
  readonly #ended = new Subject<PauseEnd>();

  /** `saved` is what an earlier run of the service left. */
  constructor(
    private readonly scheduler: SchedulerLike,
    saved: readonly Pause[] = [],
  ) {
    this.#pauses = splitExpired(saved, scheduler.now()).standing;
    this.#schedule();
  }

  /** Something changed that must survive a restart of the service. */
  get changed(): Observable<void> {
    return this.#changed;
  }

  /** Pauses that have ended. Another pause may still cover their processes. */
  get ended(): Observable<PauseEnd> {
    return this.#ended;
  }

  snapshot(): readonly Pause[] {
    return splitExpired(this.#pauses, this.scheduler.now()).standing;
  }

  /** The pause in effect for this process. */
  activeFor(processName: string, processId?: number): Pause | undefined {
    return activePauseOf(this.#pauses, processName, this.scheduler.now(), processId);
  }

  add(pause: Pause): void {
    this.#set(replacePause(this.#pauses, pause));
  }

  /** Ends the pauses that `isMeant` selects, and returns them. */
  end(isMeant: (pause: Pause) => boolean): readonly Pause[] {
    const lifted = this.snapshot().filter(isMeant);
    if (lifted.length > 0) this.#set(this.#pauses.filter((pause) => !lifted.includes(pause)));
    for (const pause of lifted) this.#ended.next({ pause, byItself: false });
    return lifted;
  }

  stop(): void {
    this.#timer?.unsubscribe();
  }

  #set(pauses: readonly Pause[]): void {
    this.#pauses = pauses;
    this.#schedule();
    this.#changed.next();
  }

  #schedule(): void {
    this.#timer?.unsubscribe();
    const waitMs = nextPauseEnd(this.#pauses) - this.scheduler.now();
    if (waitMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.scheduler.schedule(() => this.#look(), Math.min(Math.max(waitMs, 0), LOOK_EVERY_MS));
  }

  #look(): void {
    const { standing, expired } = splitExpired(this.#pauses, this.scheduler.now());
    if (expired.length === 0) this.#schedule();
    else this.#set(standing);
    for (const pause of expired) this.#ended.next({ pause, byItself: true });
  }
}
