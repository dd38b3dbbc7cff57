import { randomBytes } from 'node:crypto';
import { isPassword, NoScryptError, type PasswordHash, parsePasswordHash } from '../../lib/password-hash.js';

export type Verdict = 'right' | 'wrong' | 'uncheckable';

const MAX_WAITING = 8;
/** Those who have sent a wrong password leave room for those who have not. */
const MAX_WAITING_OF_SUSPECTS = 4;

/** For a name that no user has: the answer must take as long. The second one if this host has no scrypt. */
const [NOBODY, NOBODY_WITHOUT_SCRYPT] = ['scrypt$ln=14,r=8,p=5', 'pbkdf2-sha512$i=210000'].map((way) =>
  parsePasswordHash(
    `$${way}$${randomBytes(16).toString('base64').slice(0, 22)}$${randomBytes(32).toString('base64').slice(0, 43)}`,
  ),
);

/**
 * Checks passwords one after the other. A check takes some tenths of a second and one of the four threads of Node.js, which
 * the state file needs as well.
 */
export class PasswordCheck {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly isRight = isPassword) {}

  /**
   * Undefined if too many wait already. `uncheckable`: the hash is one of scrypt, which this host does not have. That
   * takes as long as the other two.
   */
  check(
    password: string,
    hash: string | undefined,
    { isSuspect }: { readonly isSuspect: boolean },
  ): Promise<Verdict> | undefined {
    if (this.#waiting > (isSuspect ? MAX_WAITING_OF_SUSPECTS : MAX_WAITING)) return undefined;
    this.#waiting += 1;
    const parsed = hash === undefined ? undefined : parsePasswordHash(hash);
    const result = this.#last
      .then(() => this.#compare(password, parsed))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#last = result.catch(() => {});
    return result;
  }

  async #compare(password: string, hash: PasswordHash | undefined): Promise<Verdict> {
    const against = hash ?? NOBODY;
    try {
      const isRight = against !== undefined && (await this.isRight(password, against));
      return isRight && hash !== undefined ? 'right' : 'wrong';
    } catch (error) {
      if (!(error instanceof NoScryptError)) throw error;
      if (NOBODY_WITHOUT_SCRYPT) await this.isRight(password, NOBODY_WITHOUT_SCRYPT).catch(() => false);
      return hash === undefined ? 'wrong' : 'uncheckable';
    }
  }
}
