import type { Observer, SchedulerLike, Subscription } from 'rxjs';
import type { Trigger } from '../domain/alarm/alarm.js';

/** Asks for a reading of the table in some time, once for all who ask until then. */
export class DelayedReading {
  #scheduled: Subscription | undefined;

  constructor(
    private readonly requests: Pick<Observer<Trigger>, 'next'>,
    private readonly scheduler: SchedulerLike,
  ) {}

  readIn(ms: number, trigger: Trigger): void {
    // The action of a scheduler is not closed when it has run.
    this.#scheduled ??= this.scheduler.schedule(() => {
      this.#scheduled = undefined;
      this.requests.next(trigger);
    }, ms);
  }

  cancel(): void {
    this.#scheduled?.unsubscribe();
  }
}
