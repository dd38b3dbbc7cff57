import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashBy } from '../src/lib/password-hash.js';
import { freePort } from '../test/support/database/free-port.js';

const USER = 'demo';

/** The page of the service, and who may act on it. */
export interface WebPage {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The section of config.ini. */
  readonly section: string;
}

/** Chooses a port, and writes the file of the one user. The password is worth nothing, so that its hash may be quick. */
export async function prepareWebPage(folder: string): Promise<WebPage> {
  const password = randomBytes(6).toString('hex');
  const { text } = await hashBy({ name: 'scrypt', logN: 10, r: 8, p: 1 }, password);
  const file = join(folder, 'web-users');
  writeFileSync(file, `${USER}:${text}\n`, { mode: 0o600 });
  const listen = `127.0.0.1:${await freePort()}`;
  return {
    url: `http://${listen}/`,
    user: USER,
    password,
    section: `[web]\nlisten = ${listen}\npassword_file = ${file}\n`,
  };
}
