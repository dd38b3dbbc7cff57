import { Observable, type SchedulerLike, type Subscriber, timer } from 'rxjs';
import { backoffDelay, DATABASE_BACKOFF } from '../domain/backoff.js';
import { ForwardingSubscriber } from '../operators/forwarding-subscriber.js';

interface NameLookUpOptions<T> {
  /** Reads the row once; emits undefined if it is not there, or not visible yet. */
  readonly look: () => Observable<T | undefined>;
  /** Before the first look, ms: a row that is visible now may be an old one (R3). Default: 0. */
  readonly afterMs?: number;
  readonly onError: (error: unknown) => void;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** Delays before the next look for a row that is not there, in ms: 2 s in all. */
const PATIENCE_MS = [5, 10, 25, 60, 150, 350, 600, 800] as const;

/**
 * Looks up the PROCESE row of a raise. The row may come from the same transaction and become visible later than the
 * event (R3), so the look-up is repeated; it emits undefined if the row is still missing at the end. Waits while the
 * database is away.
 */
export function lookUpName<T>(options: NameLookUpOptions<T>): Observable<T | undefined> {
  return new Observable((subscriber) => new Look(subscriber, options).beginAfter(options.afterMs ?? 0));
}

/** In a storm thousands of look-ups wait at once. Each is one object here; chained operators would be ten. */
class Look<T> extends ForwardingSubscriber<T | undefined> {
  constructor(
    to: Subscriber<T | undefined>,
    private readonly options: NameLookUpOptions<T>,
    private readonly misses = 0,
    private readonly errors = 0,
  ) {
    super(to);
  }

  beginAfter(waitMs: number): void {
    if (waitMs > 0) this.#lookAgain(waitMs, 0, 0);
    else this.begin();
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
    this.#lookAgain(backoffDelay(errors, DATABASE_BACKOFF, random), 0, errors);
  }

  #lookAgain(waitMs: number, misses: number, errors: number): void {
    const { to, options } = this;
    this.unsubscribe();
    to.add(timer(waitMs, options.scheduler).subscribe(() => new Look(to, options, misses, errors).begin()));
  }
}
