import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { ownIdentity } from './find-untrusted-place.js';
import { moveAway, openOwnFile } from './own-file.js';
import { ForeignFileError } from './resolve-own-path.js';

/**
 * Opens a file of ours for reading, as `openOwnFile` does, while the service may replace or rename it. That looks like a
 * file which another user has moved, so it is tried once more.
 */
export async function openOwnFileToRead(file: string): Promise<FileHandle> {
  try {
    return await openOwnFile(file, constants.O_RDONLY, 0, readAsOwner);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    return openOwnFile(file, constants.O_RDONLY, 0, readAsOwner);
  }
}

/** Who reads may be another user than the service, and then the file is where it belongs. */
function readAsOwner(stats: Stats): string {
  const isOfAnother = stats.uid !== 0 && stats.uid !== ownIdentity().uid;
  return stats.isFile() && isOfAnother ? `run this as uid ${stats.uid}` : moveAway(stats);
}
