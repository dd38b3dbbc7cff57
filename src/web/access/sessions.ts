import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { msSinceBoot } from '../../lib/boot-clock.js';

/** A user who has logged in. */
export interface Session {
  readonly user: string;
  /** Comes with every request that changes something, so that no other page can send it (CSRF). */
  readonly token: string;
  /** Aborted when the session is over. */
  readonly over: AbortSignal;
}

interface Kept extends Session {
  readonly id: string;
  /** The hash of the password at the login: another one ends the session. */
  readonly hash: string;
  readonly since: number;
  readonly ending: AbortController;
  usedAt: number;
}

/** ms. An open page uses its session. */
const IDLE_MS = 2 * 3_600_000;
const MAX_AGE_MS = 12 * 3_600_000;
const MAX_SESSIONS = 100;
const MAX_PER_USER = 10;

/**
 * The sessions of the page, in memory: a restart of the service ends all. Times come from `now`, ms of a clock that nobody sets:
 * else a session would live as much longer as the clock of the host is set back.
 */
export class Sessions {
  /** By the hash of the id, so that a look-up tells nothing about an id. The one used last comes last. */
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly now: () => number = msSinceBoot) {}

  /** Begins a session with a new id: one that the client had before is worth nothing (session fixation). */
  begin(user: string, hash: string): { readonly id: string; readonly session: Session } {
    this.#makeRoom(user);
    const id = randomBytes(32).toString('base64url');
    const ending = new AbortController();
    const now = this.now();
    const session: Kept = {
      ...{ id: digest(id), user, hash, since: now, usedAt: now, ending },
      token: randomBytes(32).toString('base64url'),
      over: ending.signal,
    };
    this.#kept.set(session.id, session);
    return { id, session };
  }

  /** The session of this id, which is used now; undefined if there is none any more. */
  use(id: string): Session | undefined {
    const session = this.#kept.get(digest(id));
    return session && this.isAlive(session) ? session : undefined;
  }

  /** Whether it is still valid. This uses it. */
  isAlive(session: Session): boolean {
    const kept = [...this.#kept.values()].find((each) => each === session);
    if (!kept) return false;
    const now = this.now();
    if (now - kept.usedAt > IDLE_MS || now - kept.since > MAX_AGE_MS) {
      this.end(kept);
      return false;
    }
    kept.usedAt = now;
    this.#kept.delete(kept.id);
    this.#kept.set(kept.id, kept);
    return true;
  }

  end(session: Session): void {
    for (const [id, kept] of this.#kept) {
      if (kept !== session) continue;
      this.#kept.delete(id);
      kept.ending.abort();
    }
  }

  /** Ends those of users who are gone or have another password. Returns the names of these users. */
  keepOnly(users: ReadonlyMap<string, string>): readonly string[] {
    const ended = [...this.#kept.values()].filter(({ user, hash }) => users.get(user) !== hash);
    for (const session of ended) this.end(session);
    return [...new Set(ended.map(({ user }) => user))];
  }

  /** Nobody can make the service keep more: the one that was not used for longest ends. */
  #makeRoom(user: string): void {
    const ofUser = [...this.#kept.values()].filter((session) => session.user === user);
    const oldest = ofUser.length >= MAX_PER_USER ? ofUser[0] : [...this.#kept.values()].at(-MAX_SESSIONS);
    if (oldest) this.end(oldest);
  }
}

/** Compares in a time that does not depend on where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
