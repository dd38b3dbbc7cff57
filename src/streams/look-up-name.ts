import { defer, mergeMap, type Observable, of, retry, type SchedulerLike, switchMap, timer } from 'rxjs';
import { backoffDelay } from '../domain/backoff.js';

export interface NameLookUp<T> {
  /** One look; undefined where the row is not there, or not yet. */
  readonly look: () => Observable<T | undefined>;
  readonly onError: (error: unknown) => void;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** How often a row that is not there is looked for again, ms since the look before: 2 s in all. */
const PATIENCE_MS = [5, 10, 25, 60, 150, 350, 600, 800] as const;
const BACKOFF = { firstMs: 100, maxMs: 30_000 };

/**
 * Looks up the PROCESE row of a raise with patience: the event can reach us before the row, which may come from the
 * same transaction, is visible (R3). Emits undefined when it still is not there; a database that is away is waited for.
 */
export function lookUpName<T>({
  look,
  onError,
  scheduler,
  random,
}: NameLookUp<T>): Observable<T | undefined> {
  const lookAgain = (tries: number): Observable<T | undefined> =>
    defer(look).pipe(
      mergeMap((found) => {
        const waitMs = PATIENCE_MS[tries];
        if (found !== undefined || waitMs === undefined) return of(found);
        return timer(waitMs, scheduler).pipe(switchMap(() => lookAgain(tries + 1)));
      }),
    );
  return lookAgain(0).pipe(
    retry({
      delay: (error: unknown, attempt) => {
        onError(error);
        return timer(backoffDelay(attempt, BACKOFF, random), scheduler);
      },
    }),
  );
}
