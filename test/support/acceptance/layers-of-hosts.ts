import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../database/cache-directory.js';

const PREFIX = 'host-layer-';

/** Begin of the name of a directory for what one host writes; it says whose it is. */
export function layerPrefix(): string {
  return `${PREFIX}${process.pid}-`;
}

/** Removes what processes left that were killed. */
export async function removeStaleLayers(): Promise<void> {
  for (const name of await readdir(cacheDirectory())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    // Somebody else may be removing it too.
    if (pid > 0 && !isAlive(pid))
      await rm(join(cacheDirectory(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
