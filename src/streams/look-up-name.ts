import { Observable, type SchedulerLike, type Subscriber, timer } from 'rxjs';
import { backoffDelay } from '../domain/backoff.js';
import { ForwardingSubscriber } from '../operators/forwarding-subscriber.js';

interface NameLookUpOptions<T> {
  /** One look, emitted once; undefined where the row is not there, or not yet. */
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
export function lookUpName<T>(options: NameLookUpOptions<T>): Observable<T | undefined> {
  return new Observable((subscriber) => new Look(subscriber, options).begin());
}

/** In a storm thousands wait for their answers at once: one object each, where operators would be ten. */
class Look<T> extends ForwardingSubscriber<T | undefined> {
  constructor(
    to: Subscriber<T | undefined>,
    private readonly options: NameLookUpOptions<T>,
    private readonly misses = 0,
    private readonly errors = 0,
  ) {
    super(to);
  }

  begin(): void {
    this.guard(() => this.options.look().subscribe(this));
  }

  protected override _next(found: T | undefined): void {
    const waitMs = PATIENCE_MS[this.misses];
    if (found === undefined && waitMs !== undefined) this.#lookAgain(waitMs, this.misses + 1, this.errors);
    else super._next(found);
  }

  protected override _error(error: unknown): void {
    const { onError, random } = this.options;
    try {
      onError(error);
    } catch (fault) {
      super._error(fault);
      return;
    }
    const errors = this.errors + 1;
    this.#lookAgain(backoffDelay(errors, BACKOFF, random), 0, errors);
  }

  #lookAgain(waitMs: number, misses: number, errors: number): void {
    const { to, options } = this;
    this.unsubscribe();
    to.add(timer(waitMs, options.scheduler).subscribe(() => new Look(to, options, misses, errors).begin()));
  }
}
