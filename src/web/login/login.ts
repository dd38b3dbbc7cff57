import { HttpError } from '../../lib/http/http-error.js';
import { NoScryptError } from '../../lib/password-hash.js';
import { networkOf } from '../access/client-address.js';
import type { Session, Sessions } from '../access/sessions.js';
import type { LoginRequest } from '../contract/session.js';
import { LoginAttempts } from './attempts.js';
import { PasswordCheck } from './password-check.js';

interface LoginOptions {
  /** The hash of each user. Read each time: a reload may change it. */
  readonly users: () => ReadonlyMap<string, string>;
  readonly sessions: Sessions;
  readonly log: LoginLog;
  readonly now: () => number;
}

/** What the log should say. `user` may be any text that a client has sent. */
export interface LoginLog {
  /** `wrong`: how many wrong passwords came from there before. */
  right(user: string, address: string, wrong: number): void;
  /** The `count`th wrong password in a row from there. */
  wrong(user: string, address: string, count: number): void;
  /** The hash of the user cannot be checked on this host. */
  uncheckable(user: string): void;
}

/** Lets users in who know their password, one check at a time, and slows down who does not. */
export class Login {
  readonly #attempts: LoginAttempts;
  readonly #check = new PasswordCheck();

  constructor(private readonly options: LoginOptions) {
    this.#attempts = new LoginAttempts(options.now);
  }

  /**
   * Begins a session.
   *
   * @throws HttpError
   */
  async logIn(
    { user, password }: LoginRequest,
    address: string,
  ): Promise<{ readonly id: string; readonly session: Session }> {
    const { users, sessions, log } = this.options;
    if (users().size === 0) {
      throw new HttpError(409, 'there are no users', {
        remedy: 'make one with monitor_service web-password NAME, and set password_file in [web]',
      });
    }
    const client = networkOf(address);
    const waitMs = this.#attempts.begin(client);
    if (waitMs > 0) throw tooMany(waitMs);
    const hash = users().get(user);
    if (!(await this.#isRight(user, password, hash, client))) {
      log.wrong(user, address, this.#attempts.wrong(client));
      throw new HttpError(401, 'the user or the password is wrong');
    }
    log.right(user, address, this.#attempts.right(client));
    // A reload may have come meanwhile.
    if (hash === undefined || users().get(user) !== hash)
      throw new HttpError(401, 'the password has changed');
    return sessions.begin(user, hash);
  }

  async #isRight(user: string, password: string, hash: string | undefined, client: string): Promise<boolean> {
    try {
      const checking = this.#check.check(password, hash);
      if (checking === undefined) throw tooMany(2000);
      return await checking;
    } catch (error) {
      this.#attempts.drop(client);
      if (!(error instanceof NoScryptError)) throw error;
      this.options.log.uncheckable(user);
      throw new HttpError(409, 'the password cannot be checked on this host', {
        remedy: `make it again here with monitor_service web-password ${user}`,
      });
    }
  }
}

function tooMany(waitMs: number): HttpError {
  const seconds = Math.ceil(waitMs / 1000);
  return new HttpError(429, `too many logins, try again in ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
