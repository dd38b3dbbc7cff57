import {
  catchError,
  defer,
  EMPTY,
  Observable,
  type OperatorFunction,
  type SchedulerLike,
  Subscription,
  tap,
} from 'rxjs';

export interface ReconcileOnTriggerOptions<T, R> {
  readonly reconcile: (trigger: T) => Observable<R>;
  /** Whether the trigger follows an event, so that its reconcile is repeated. */
  readonly isRepeated: (trigger: T) => boolean;
  /** Merges two triggers that fall together into one. */
  readonly merge: (earlier: T, later: T) => T;
  /** When to repeat, in ms after the trigger. */
  readonly repeatAfterMs: readonly number[];
  /** Delay before a failed reconcile is tried again, in ms. Called each time, because a reload may change it. */
  readonly retryAfterMs: () => number;
  readonly onError: (error: unknown) => void;
  readonly scheduler: SchedulerLike;
}

/**
 * Reconciles once for each trigger, never two at a time. Triggers that arrive during a reconcile are merged into one
 * further reconcile, whose SELECT begins after all of them. A reconcile that follows an event is repeated, because
 * the event can reach us before the row is visible to a SELECT (R3, R4). A failed one is reported and tried again; it
 * never ends the stream (R13). Completes when the source has completed and nothing is left to do.
 */
export function reconcileOnTrigger<T, R>(options: ReconcileOnTriggerOptions<T, R>): OperatorFunction<T, R> {
  const { scheduler } = options;
  return (source) =>
    new Observable<R>((subscriber) => {
      let running = false;
      let waiting: { readonly trigger: T } | undefined;
      let sourceDone = false;
      const repeats = new Timers(scheduler);
      const retries = new Timers(scheduler);

      const completeIfDone = (): void => {
        if (sourceDone && !running && !waiting && repeats.left + retries.left === 0) subscriber.complete();
      };
      const run = (trigger: T): void => {
        if (subscriber.closed) return;
        if (running) {
          waiting = { trigger: waiting ? options.merge(waiting.trigger, trigger) : trigger };
          return;
        }
        running = true;
        const reconcile = defer(() => options.reconcile(trigger)).pipe(
          catchError((error: unknown) => {
            options.onError(error);
            retries.restart([options.retryAfterMs()], () => run(trigger));
            return EMPTY;
          }),
        );
        subscriber.add(
          reconcile.subscribe({
            next: (result) => subscriber.next(result),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              running = false;
              const next = waiting;
              waiting = undefined;
              if (next) run(next.trigger);
              else completeIfDone();
            },
          }),
        );
      };
      const accept = (trigger: T): void => {
        if (subscriber.closed) return;
        // The latest event restarts the schedule: its reconciles serve the earlier events too.
        if (options.isRepeated(trigger)) repeats.restart(options.repeatAfterMs, () => run(trigger));
        run(trigger);
      };
      subscriber.add(() => {
        repeats.cancel();
        retries.cancel();
      });
      subscriber.add(
        source.pipe(tap(accept)).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            sourceDone = true;
            completeIfDone();
          },
        }),
      );
    });
}

class Timers {
  left = 0;
  #scheduled = new Subscription();

  constructor(private readonly scheduler: SchedulerLike) {}

  restart(delays: readonly number[], work: () => void): void {
    this.cancel();
    this.#scheduled = new Subscription();
    this.left = delays.length;
    for (const delay of delays) {
      this.#scheduled.add(
        this.scheduler.schedule(() => {
          this.left -= 1;
          work();
        }, delay),
      );
    }
  }

  cancel(): void {
    this.#scheduled.unsubscribe();
    this.left = 0;
  }
}
