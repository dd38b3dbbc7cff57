import { TokenBucket } from '../domain/token-bucket.js';

/** How many are reported at a time: the pages behind them must not wait for their notes. */
const MAX_AT_ONCE = 8;
/** How many in a burst and in a second. A report takes as long as it takes to read a hundred of them. */
const REPORTS = { burst: 64, perSecond: 80 };

/** Limits the reports of alarms that are refused, excluded or paused. */
export class ReportLimit {
  /** Those that are being reported. */
  readonly #running = new Set<number>();
  readonly #left = new TokenBucket(REPORTS.burst, REPORTS.perSecond);

  get isReached(): boolean {
    return this.#running.size >= MAX_AT_ONCE;
  }

  /** Takes one report of those that are left; false if there is none. `now`: ms of the steady clock. */
  take(now: number): boolean {
    return this.#left.take(now);
  }

  begin(processId: number): void {
    this.#running.add(processId);
  }

  end(processId: number): void {
    this.#running.delete(processId);
  }
}
