import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether a user other than root and this one can replace this file or folder. */
export async function canBeExchanged(path: string, uid: number): Promise<boolean> {
  const isTheirs = (owner: number): boolean => owner === 0 || owner === uid;
  for (let entry = path; entry !== '/'; entry = dirname(entry)) {
    const [{ uid: owner }, directory] = await Promise.all([lstat(entry), stat(dirname(entry))]);
    const isSticky = (directory.mode & 0o1000) !== 0;
    const isWritable = (directory.mode & 0o022) !== 0;
    if (!isTheirs(directory.uid) || (isWritable && !(isSticky && isTheirs(owner)))) return true;
  }
  return false;
}
