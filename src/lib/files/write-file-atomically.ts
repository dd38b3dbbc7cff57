import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openResolvedFile } from './own-file.js';
import { makeOwnFolder, resolveOwnPath } from './resolve-own-path.js';

interface AtomicWriteOptions {
  readonly mode: number;
  /** The folder is made if it is missing. */
  readonly isFolderOurs: boolean;
}

/**
 * Writes a whole file of ours atomically: a crash at any moment leaves the old content or the new one. A new file beside
 * it is written and synced, then renamed, and the folder is synced.
 */
export async function writeFileAtomically(
  file: string,
  text: string,
  { mode, isFolderOurs }: AtomicWriteOptions,
): Promise<void> {
  const folder = await (isFolderOurs ? makeOwnFolder(dirname(file)) : resolveOwnPath(dirname(file)));
  const beside = join(folder, `${basename(file)}.new`);
  // A file that somebody else has put there would keep its mode.
  await rm(beside, { force: true });
  try {
    const { O_WRONLY, O_CREAT, O_EXCL } = constants;
    const handle = await openResolvedFile(beside, O_WRONLY | O_CREAT | O_EXCL, mode);
    try {
      // Independent of our umask.
      if (((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, join(folder, basename(file)));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Syncs a folder: only then a rename in it is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
