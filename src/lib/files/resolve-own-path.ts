import { lstat, mkdir, readlink } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import { ownIdentity } from './find-untrusted-place.js';
import { walkPath } from './walk-path.js';

/** Another user has put a link or a file where our file belongs. */
export class ForeignFileError extends Error {}

/**
 * Resolves the links in a path. Follows links of root and of this user, because an administrator may have moved a
 * file.
 */
export async function resolveOwnPath(path: string): Promise<string> {
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

/** Returns the path of the folder without links. Creates missing folders. */
export async function makeOwnFolder(folder: string): Promise<string> {
  try {
    return await resolveOwnPath(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await resolveOwnPath(folder);
  }
}

export function linkError(path: string, uid?: number): Error {
  const whose = uid === undefined ? '' : ` of uid ${uid}`;
  return new ForeignFileError(`${path} is a symbolic link${whose}, which is not followed: remove it`);
}
