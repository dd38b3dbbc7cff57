import { HttpError } from '../../lib/http/http-error.js';
import type { isPassword } from '../../lib/password-hash.js';
import type { Client } from '../access/client-address.js';
import type { Session, Sessions } from '../access/sessions.js';
import type { LoginRequest } from '../contract/session.js';
import { LoginAttempts } from './login-attempts.js';
import { PasswordCheck, type Verdict } from './password-check.js';

interface LoginOptions {
  /** The hash of each user. Read each time: a reload may change it. */
  readonly users: () => ReadonlyMap<string, string>;
  readonly sessions: Sessions;
  readonly log: LoginLog;
  readonly now?: () => number;
  /** Absent: as this host does it, with scrypt or without. */
  readonly isPassword?: typeof isPassword;
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
  readonly #check: PasswordCheck;
  #told: { readonly of: unknown; readonly names: Set<string> } = { of: undefined, names: new Set() };

  constructor(private readonly options: LoginOptions) {
    this.#attempts = new LoginAttempts(options.now);
    this.#check = new PasswordCheck(options.isPassword);
  }

  /**
   * Begins a session.
   *
   * @throws HttpError
   */
  async logIn(
    { user, password }: LoginRequest,
    { key, address }: Client,
  ): Promise<{ readonly id: string; readonly session: Session }> {
    const { users, sessions, log } = this.options;
    if (users().size === 0) {
      throw new HttpError(409, 'there are no users', {
        remedy: 'make one with monitor_service web-password NAME, and set password_file in [web]',
      });
    }
    const waitMs = this.#attempts.begin(key);
    if (waitMs > 0) throw tooMany(waitMs);
    const hash = users().get(user);
    const verdict = await this.#judge(password, hash, key);
    if (verdict !== 'right') {
      const count = this.#attempts.wrong(key);
      if (verdict === 'wrong') log.wrong(user, address, count);
      else this.#tellUncheckable(user);
      // The same answer for all: it would say which users there are.
      throw new HttpError(401, 'the user or the password is wrong');
    }
    log.right(user, address, this.#attempts.right(key));
    // A reload may have come meanwhile.
    if (hash === undefined || users().get(user) !== hash)
      throw new HttpError(401, 'the password has changed');
    return sessions.begin(user, hash);
  }

  async #judge(password: string, hash: string | undefined, key: string): Promise<Verdict> {
    try {
      const isSuspect = this.#attempts.hasBeenWrong(key);
      const judging = this.#check.check(password, hash, { isSuspect });
      if (judging === undefined) throw tooMany(2000);
      return await judging;
    } catch (error) {
      this.#attempts.drop(key);
      throw error;
    }
  }

  /** Once for each user until the next reload, which reads the users anew. */
  #tellUncheckable(user: string): void {
    const users = this.options.users();
    if (this.#told.of !== users) this.#told = { of: users, names: new Set() };
    if (this.#told.names.has(user)) return;
    this.#told.names.add(user);
    this.options.log.uncheckable(user);
  }
}

function tooMany(waitMs: number): HttpError {
  const seconds = Math.ceil(waitMs / 1000);
  return new HttpError(429, `too many logins, try again in ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
