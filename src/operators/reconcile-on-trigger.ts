import { defer, Observable, type OperatorFunction, type SchedulerLike, Subscription, tap } from 'rxjs';
import type { PageKey } from '../domain/alarm/standing-page.js';
import { PageCursor } from './page-cursor.js';

export interface ReconcileOnTriggerOptions<T, R> {
  /** Reads the page of the table that begins behind `after`. */
  readonly readPage: (trigger: T, after: PageKey | undefined) => Observable<R>;
  /** Where a page ends; undefined at the end of the table. */
  readonly endOf: (page: R) => PageKey | undefined;
  /** Whether the results of another page can be taken. */
  readonly hasRoom: () => boolean;
  /** Emits when there may be room again. */
  readonly roomFreed: Observable<unknown>;
  /** A trigger came while there is no room: the table is read later. */
  readonly onNoRoom: (trigger: T) => void;
  /** Whether a trigger follows an event, so that its reconcile is repeated. */
  readonly isRepeated: (trigger: T) => boolean;
  /** Merges two triggers that fall together into one. */
  readonly merge: (earlier: T, later: T) => T;
  /** When to repeat, in ms after the trigger. Called each time, because a reload may change it. */
  readonly repeatAfterMs: () => readonly number[];
  /** Delay before a failed reconcile is tried again, in ms. Called each time, because a reload may change it. */
  readonly retryAfterMs: () => number;
  readonly onError: (error: unknown) => void;
  /** The last repetition after an event has been read to the end: nothing is read again before the next trigger. */
  readonly onAllRepeated?: () => void;
  readonly scheduler: SchedulerLike;
}

/**
 * Reads the whole table, page by page, once for each trigger, never two pages at a time. Triggers that arrive while a
 * page is read are merged: the reading goes on from its present position, once around the table, so that every page is
 * read after all of them. While there is no room, no page is read; nothing is lost, because the table keeps the alarms.
 * A reconcile that follows an event is repeated, because the event can reach us before the row is visible to a SELECT
 * (R3, R4). A failed one is reported and tried again; it never ends the stream (R13). Completes when the source has
 * completed and nothing is left to do.
 */
export function reconcileOnTrigger<T, R>(options: ReconcileOnTriggerOptions<T, R>): OperatorFunction<T, R> {
  const { scheduler } = options;
  return (source) =>
    new Observable<R>((subscriber) => {
      const cursor = new PageCursor();
      let current: { readonly trigger: T } | undefined;
      let waiting: { readonly trigger: T } | undefined;
      let isReading = false;
      let isLooping = false;
      let sourceDone = false;
      let owesRepeats = false;
      const repeats = new Timers(scheduler);
      const retries = new Timers(scheduler);

      const tellIfDone = (): void => {
        const isIdle = !isReading && !waiting && cursor.isDone;
        if (!isIdle || subscriber.closed || repeats.left + retries.left > 0) return;
        if (owesRepeats) {
          owesRepeats = false;
          options.onAllRepeated?.();
        }
        if (sourceDone) subscriber.complete();
      };
      const merged = (earlier: typeof current, trigger: T): typeof current => ({
        trigger: earlier ? options.merge(earlier.trigger, trigger) : trigger,
      });
      const run = (trigger: T): void => {
        if (subscriber.closed) return;
        waiting = merged(waiting, trigger);
        goOn();
        if (!isReading && !cursor.isDone) options.onNoRoom(trigger);
      };
      // A loop, not a call at each end: a page that is there at once must not make the stack grow with the table.
      const goOn = (): void => {
        if (isLooping) return;
        isLooping = true;
        while (!isReading && !subscriber.closed) {
          if (waiting) {
            current = merged(cursor.isDone ? undefined : current, waiting.trigger);
            waiting = undefined;
            cursor.demand();
          }
          if (!current || cursor.isDone || !options.hasRoom()) break;
          readPage(current.trigger);
        }
        isLooping = false;
        tellIfDone();
      };
      const readPage = (trigger: T): void => {
        isReading = true;
        let upTo: PageKey | undefined;
        const end = (advance: () => void): void => {
          isReading = false;
          advance();
          goOn();
        };
        subscriber.add(
          defer(() => options.readPage(trigger, cursor.after)).subscribe({
            next(page) {
              upTo = options.endOf(page);
              subscriber.next(page);
            },
            error(error: unknown) {
              try {
                options.onError(error);
                retries.restart([options.retryAfterMs()], () => run(trigger));
              } catch (fault) {
                subscriber.error(fault);
              }
              end(() => cursor.giveUp());
            },
            complete: () => end(() => cursor.advance(upTo)),
          }),
        );
      };
      const accept = (trigger: T): void => {
        if (subscriber.closed) return;
        // The latest event restarts the schedule: its reconciles serve the earlier events too.
        if (options.isRepeated(trigger)) {
          owesRepeats = true;
          repeats.restart(options.repeatAfterMs(), () => run(trigger));
        }
        run(trigger);
      };
      subscriber.add(() => {
        repeats.cancel();
        retries.cancel();
      });
      subscriber.add(options.roomFreed.subscribe(goOn));
      subscriber.add(
        source.pipe(tap(accept)).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            sourceDone = true;
            tellIfDone();
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
