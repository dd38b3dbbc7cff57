import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { openOwnFile } from './own-file.js';
import { ForeignFileError } from './resolve-own-path.js';

/**
 * Opens a file of ours for reading, as `openOwnFile` does, while the service may replace or rename it. That looks like a
 * file which another user has moved, so it is tried once more.
 */
export async function openOwnFileToRead(file: string): Promise<FileHandle> {
  try {
    return await openOwnFile(file, constants.O_RDONLY, 0);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    return openOwnFile(file, constants.O_RDONLY, 0);
  }
}
