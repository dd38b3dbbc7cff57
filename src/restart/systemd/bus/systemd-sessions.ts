import { TimedOutError, withTimeout } from '../../../lib/with-timeout.js';
import { BusLostError, BusUnreachableError } from './bus-errors.js';
import { SystemdSession } from './systemd-session.js';

/** How long to wait for a bus that accepts connections and does not answer, in ms. */
const WAIT_MS = 1500;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;

interface Attempt {
  readonly session: Promise<SystemdSession>;
  readonly startedAt: number;
}

/**
 * Keeps one session with systemd open and opens the next one as soon as it has ended. While the bus is away it tries
 * again at growing intervals, and at once for every caller.
 */
export class SystemdSessions {
  #current: SystemdSession | undefined;
  #attempt: Attempt | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #isClosed = false;

  /** The current session. Throws BusUnreachableError. */
  async get(): Promise<SystemdSession> {
    if (this.#current) return this.#current;
    if (this.#isClosed) throw new BusUnreachableError('this service is ending');
    this.#attempt ??= this.#open();
    const { session, startedAt } = this.#attempt;
    const patience = startedAt + WAIT_MS - performance.now();
    return patience > 0 ? within(session, patience) : Promise.reject(noAnswer());
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#current?.end('this service is ending');
  }

  #open(): Attempt {
    clearTimeout(this.#retry);
    const session = SystemdSession.open();
    session.then(
      (opened) => this.#onOpen(opened),
      () => this.#onFailure(),
    );
    return { session, startedAt: performance.now() };
  }

  #onOpen(session: SystemdSession): void {
    this.#attempt = undefined;
    if (this.#isClosed) {
      session.end('this service is ending');
      return;
    }
    this.#failures = 0;
    this.#current = session;
    const onLost = (): void => {
      this.#current = undefined;
      if (!this.#isClosed) this.#retryIn(FIRST_RETRY_MS);
    };
    if (session.lost.aborted) onLost();
    else session.lost.addEventListener('abort', onLost, { once: true });
  }

  #onFailure(): void {
    this.#attempt = undefined;
    this.#failures += 1;
    if (!this.#isClosed) this.#retryIn(Math.min(FIRST_RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS));
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#attempt ??= this.#open();
    }, ms).unref();
  }
}

async function within(session: Promise<SystemdSession>, ms: number): Promise<SystemdSession> {
  try {
    return await withTimeout(ms, session);
  } catch (error) {
    throw error instanceof TimedOutError ? noAnswer() : error;
  }
}

function noAnswer(): BusUnreachableError {
  return new BusUnreachableError(`no answer within ${WAIT_MS / 1000} s`);
}

/** Whether the request should be made without the bus instead. */
export function isBusAway(error: unknown): error is BusUnreachableError | BusLostError {
  return error instanceof BusUnreachableError || error instanceof BusLostError;
}
