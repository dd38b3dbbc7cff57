import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownIdentity } from './find-untrusted-place.js';
import { ForeignFileError, linkError, makeOwnFolder, resolveOwnPath } from './resolve-own-path.js';

/** What to do about a file that is not ours, for the end of the message. */
type Remedy = (stats: Stats) => string;

export const moveAway: Remedy = () => 'move it away';

/**
 * Opens a file of ours in a folder that may belong to another user. Does not follow that user's links, neither as the
 * file nor on the way to it, and does not use that user's file. `flags` as for open(2); O_CREAT also creates missing
 * folders.
 */
export async function openOwnFile(
  file: string,
  flags: number,
  mode: number,
  remedy = moveAway,
): Promise<FileHandle> {
  const isMade = (flags & constants.O_CREAT) !== 0;
  const folder = await (isMade ? makeOwnFolder(dirname(file)) : resolveOwnPath(dirname(file)));
  return openResolvedFile(await resolveLink(join(folder, basename(file))), flags, mode, remedy);
}

/** Opens a file of ours by a path without links. */
export async function openResolvedFile(
  path: string,
  flags: number,
  mode: number,
  remedy = moveAway,
): Promise<FileHandle> {
  // O_NONBLOCK, so that a FIFO does not make the service wait for its other end.
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ELOOP' ? linkError(path) : error;
    },
  );
  try {
    const stats = await handle.stat();
    const problem = judgeOwnFile(stats);
    if (problem !== undefined) throw new ForeignFileError(`${path} ${problem}: ${remedy(stats)}`);
    // A folder may have been replaced since it was inspected. The kernel knows what was opened.
    const opened = await readlink(`/proc/self/fd/${handle.fd}`);
    if (opened !== path) throw new ForeignFileError(`${path} was moved to ${opened} while it was opened`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a file that this service wrote and relies on. */
export async function readOwnFile(file: string): Promise<string> {
  const handle = await openOwnFile(file, constants.O_RDONLY, 0);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Why an open file is not ours; undefined if it is. */
export function judgeOwnFile(stats: Stats): string | undefined {
  const { uid } = ownIdentity();
  if (!stats.isFile() && !stats.isCharacterDevice()) return 'is not a regular file';
  if (stats.uid !== 0 && stats.uid !== uid) return `belongs to uid ${stats.uid}`;
  // With a hard link, this name could mean a file of ours elsewhere.
  if (stats.nlink > 1) return 'has another name elsewhere (a hard link)';
  return undefined;
}

/** Resolves the links in the path of a file that may not exist yet. */
async function resolveLink(file: string): Promise<string> {
  const isLink = await lstat(file).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink ? resolveOwnPath(file) : file;
}
