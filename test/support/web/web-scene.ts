import { chmod, writeFile } from 'node:fs/promises';
import { hashBy } from '../../../src/lib/password-hash.js';
import { freePort } from '../database/free-port.js';
import type { ConfigSections } from '../service/config-file.js';
import type { Scene } from '../service/scene.js';

export const PASSWORD = 'correct horse battery';

/** Writes the password file of a scene: these users, all with `PASSWORD` unless another is given. Quick to check. */
export async function writeUsers(
  scene: Pick<Scene, 'path'>,
  users: Readonly<Record<string, string>> = { anna: PASSWORD },
): Promise<string> {
  const lines = await Promise.all(
    Object.entries(users).map(async ([name, password]) => {
      const { text } = await hashBy({ name: 'scrypt', logN: 10, r: 8, p: 1 }, password);
      return `${name}:${text}\n`;
    }),
  );
  const file = scene.path('web-users');
  await writeFile(file, lines.join(''));
  await chmod(file, 0o600);
  return file;
}

/** A port for the page, and the section `[web]` for it. */
export async function webSection(
  scene: Scene,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly port: number; readonly config: ConfigSections }> {
  const port = await freePort();
  return {
    port,
    config: { web: { listen: `127.0.0.1:${port}`, password_file: await writeUsers(scene), ...more } },
  };
}
