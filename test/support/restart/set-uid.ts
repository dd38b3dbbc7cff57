import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isRoot } from '../conditional-tests.js';
import { describeProcess } from './proc.js';
import { waitFor } from './wait-for.js';
import type { Workspace } from './workspace.js';

export const NOBODY = 65_534;

/** Why no program can be made set-uid here; undefined: one can. */
export function whyNoSetuid(): string | undefined {
  if (!isRoot) return 'it takes root';
  const { stdout } = spawnSync('findmnt', ['-nT', tmpdir(), '-o', 'OPTIONS'], { encoding: 'utf8' });
  return /\bnosuid\b/.test(stdout) ? `${tmpdir()} is mounted with nosuid` : undefined;
}

/** A set-uid program of root, in a folder of root, that is root by its real user id too: as sudo at its prompt. */
export async function makeSetuid(work: Workspace): Promise<string> {
  await work.directoryFor('bin');
  const file = work.path('bin/as-sudo');
  await copyFile(process.execPath, file);
  await chmod(file, 0o4755);
  return file;
}

/** Nobody starts it under a name of his. */
export async function startSetuid(
  work: Workspace,
  file: string,
  argv0: string,
): Promise<ChildProcess & { pid: number }> {
  const child = await work.start(file, ['-e', 'process.setuid(0); setInterval(() => {}, 1000)'], {
    argv0,
    uid: NOBODY,
    gid: NOBODY,
  });
  await waitFor('its user', async () => (await describeProcess(child.pid)).uid?.startsWith('0\t0\t'));
  return child;
}
