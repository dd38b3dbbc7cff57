import { backoffDelay } from '../../domain/backoff.js';
import { jittered } from '../../domain/jitter.js';

/** The first wait before the list is tried again while no server may write, ms. */
const FIRST_SEARCH_MS = 500;
/** A single server that may not write is perhaps meant: its address may move, but it is not logged in to all night. ms. */
const MAX_SEARCH_OF_ONE_MS = 60_000;

/** When one connection is asked again, and when the servers are searched again while none may write. */
export class SearchPlan {
  #searches = 0;
  #nextAt = 0;

  constructor(private readonly isList: boolean) {}

  /** Whether the time of the next search has come. */
  get isDue(): boolean {
    return performance.now() >= this.#nextAt;
  }

  /** A search begins: the next one comes later. */
  advance(heartbeatMs: number): void {
    this.#searches += 1;
    const maxMs = this.isList ? heartbeatMs : Math.max(heartbeatMs, MAX_SEARCH_OF_ONE_MS);
    const backoff = { firstMs: Math.min(FIRST_SEARCH_MS, heartbeatMs), maxMs };
    this.#nextAt = performance.now() + backoffDelay(this.#searches, backoff, Math.random);
  }

  /** How long to wait before a connection is asked again or the list searched, in ms. `isContent`: the server will do. */
  delayMs(isContent: boolean, heartbeatMs: number): number {
    if (isContent) {
      this.#searches = 0;
      return jittered(heartbeatMs, Math.random);
    }
    if (this.#searches === 0) this.advance(heartbeatMs);
    return Math.min(heartbeatMs, Math.max(0, this.#nextAt - performance.now()));
  }
}
