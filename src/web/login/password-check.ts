import { randomBytes } from 'node:crypto';
import { isPassword, type PasswordHash, parsePasswordHash } from '../../lib/password-hash.js';

const MOST_WAITING = 8;
/** For a user that there is not: the answer must take as long. */
const NOBODY = parsePasswordHash(
  `$scrypt$ln=14,r=8,p=5$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`,
);

/**
 * Checks passwords one after the other. A check takes some tenths of a second and one of the four threads of Node.js, which
 * the state file needs as well.
 */
export class PasswordCheck {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Undefined if too many wait already. Rejects with NoScryptError. */
  check(password: string, hash: string | undefined): Promise<boolean> | undefined {
    if (this.#waiting > MOST_WAITING) return undefined;
    this.#waiting += 1;
    const parsed = hash === undefined ? undefined : parsePasswordHash(hash);
    const result = this.#last
      .then(() => compare(password, parsed))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#last = result.catch(() => {});
    return result;
  }
}

async function compare(password: string, hash: PasswordHash | undefined): Promise<boolean> {
  const against = hash ?? NOBODY;
  const isRight = against !== undefined && (await isPassword(password, against));
  return isRight && hash !== undefined;
}
