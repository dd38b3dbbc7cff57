import { BoundedMap } from '../../domain/bounded-map.js';
import { msSinceBoot } from '../../lib/boot-clock.js';

interface Attempts {
  wrong: number;
  /** Until then nothing is checked. */
  until: number;
  isChecking: boolean;
}

const MAX_CLIENTS = 1000;
const MAX_WAIT_MS = 60_000;
/** After this time without a wrong password the client begins anew. */
const FORGET_MS = 3_600_000;

/**
 * Slows down clients that send wrong passwords: 1 s after the first, 2, 4, … up to a minute. Times come from `now`, ms of a clock
 * that nobody sets: else a client would wait as much longer as the clock of the host is set back.
 */
export class LoginAttempts {
  readonly #clients = new BoundedMap<string, Attempts>(MAX_CLIENTS);

  constructor(private readonly now: () => number = msSinceBoot) {}

  /**
   * How long this client must wait, ms; 0: its password may be checked, and one of the next three calls says how that
   * ended.
   */
  begin(client: string): number {
    const known = this.#clients.get(client);
    const now = this.now();
    const isForgotten = known === undefined || now - known.until > FORGET_MS;
    const attempts = isForgotten ? { wrong: 0, until: 0, isChecking: false } : known;
    if (attempts.isChecking) return 1000;
    if (attempts.until > now) return attempts.until - now;
    attempts.isChecking = true;
    this.#clients.set(client, attempts);
    return 0;
  }

  /** Whether its last password was wrong. */
  hasBeenWrong(client: string): boolean {
    return (this.#clients.get(client)?.wrong ?? 0) > 0;
  }

  /** How many there were in a row, this one included. */
  wrong(client: string): number {
    const attempts = this.#clients.get(client);
    if (!attempts) return 1;
    attempts.isChecking = false;
    attempts.wrong += 1;
    attempts.until = this.now() + Math.min(1000 * 2 ** (attempts.wrong - 1), MAX_WAIT_MS);
    return attempts.wrong;
  }

  /** How many were wrong before. */
  right(client: string): number {
    const wrong = this.#clients.get(client)?.wrong ?? 0;
    this.#clients.delete(client);
    return wrong;
  }

  /** Nothing was checked. */
  drop(client: string): void {
    const attempts = this.#clients.get(client);
    if (attempts) attempts.isChecking = false;
  }
}
