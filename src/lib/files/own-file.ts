import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownIdentity } from './find-foreign-hand.js';
import { walkPath } from './walk-path.js';

/** Somebody has put a link or a file of his own where our file belongs. */
class ForeignFileError extends Error {}

/**
 * Opens a file of ours in a folder that may belong to another user. Does not follow that user's links, neither as the
 * file nor on the way to it, and does not use that user's file. `flags` as for open(2); O_CREAT also creates missing
 * folders.
 */
export async function openOwnFile(file: string, flags: number, mode: number): Promise<FileHandle> {
  const isMade = (flags & constants.O_CREAT) !== 0;
  const folder = await (isMade ? makeFolder(dirname(file)) : resolve(dirname(file)));
  return openResolved(await resolveLink(join(folder, basename(file))), flags, mode);
}

/** Opens a file by a path without links. */
async function openResolved(path: string, flags: number, mode: number): Promise<FileHandle> {
  // O_NONBLOCK, so that a FIFO does not make the service wait for its other end.
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ELOOP' ? linkError(path) : error;
    },
  );
  try {
    const problem = judgeOwnFile(await handle.stat());
    if (problem !== undefined) throw new ForeignFileError(`${path} ${problem}: move it away`);
    // A folder may have been replaced since it was inspected. The kernel knows what was opened.
    const opened = await readlink(`/proc/self/fd/${handle.fd}`);
    if (opened !== path) throw new ForeignFileError(`${path} was moved to ${opened} while it was opened`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface ReplaceOptions {
  readonly mode: number;
  /** The folder is made if it is missing. */
  readonly isFolderOurs: boolean;
}

/**
 * Writes a whole file. A crash at any moment leaves the old content or the new one: a new file is written and synced,
 * then renamed, and its folder is synced.
 */
export async function replaceOwnFile(
  file: string,
  text: string,
  { mode, isFolderOurs }: ReplaceOptions,
): Promise<void> {
  const folder = await (isFolderOurs ? makeFolder(dirname(file)) : resolve(dirname(file)));
  const beside = join(folder, `${basename(file)}.new`);
  // A file that somebody else has put there would keep its mode.
  await rm(beside, { force: true });
  try {
    const { O_WRONLY, O_CREAT, O_EXCL } = constants;
    const handle = await openResolved(beside, O_WRONLY | O_CREAT | O_EXCL, mode);
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

/** Reads a file that this service wrote and relies on. */
export async function readOwnFile(file: string): Promise<string> {
  const handle = await openOwnFile(file, constants.O_RDONLY, 0);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
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

/** Why an open file is not ours; undefined if it is. */
export function judgeOwnFile(stats: Stats): string | undefined {
  const { uid } = ownIdentity();
  if (!stats.isFile() && !stats.isCharacterDevice()) return 'is not a regular file';
  if (stats.uid !== 0 && stats.uid !== uid) return `belongs to uid ${stats.uid}`;
  // With a hard link, this name could mean a file of ours elsewhere.
  if (stats.nlink > 1) return 'has another name elsewhere (a hard link)';
  return undefined;
}

/** Returns the path of the folder without links. Creates missing folders. */
async function makeFolder(folder: string): Promise<string> {
  try {
    return await resolve(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await resolve(folder);
  }
}

/**
 * Resolves the links in a path. Follows links of root and of this user, because an administrator may have moved a
 * file.
 */
async function resolve(path: string): Promise<string> {
  const { uid } = ownIdentity();
  const walk = walkPath(path);
  let step = walk.next();
  while (!step.done) {
    const entry = step.value;
    const stats = await lstat(entry);
    const isLink = stats.isSymbolicLink();
    if (isLink && stats.uid !== 0 && stats.uid !== uid) throw linkError(entry, stats.uid);
    step = walk.next(isLink ? await readlink(entry) : undefined);
  }
  return step.value;
}

/** Does the same for a file that may not exist yet. */
async function resolveLink(file: string): Promise<string> {
  const isLink = await lstat(file).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink ? resolve(file) : file;
}

function linkError(path: string, uid?: number): Error {
  const whose = uid === undefined ? '' : ` of uid ${uid}`;
  return new ForeignFileError(`${path} is a symbolic link${whose}, which is not followed: remove it`);
}
