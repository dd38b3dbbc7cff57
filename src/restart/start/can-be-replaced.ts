import { dirname } from 'node:path';
import type { PathFacts } from '../processes/look-at-paths.js';

/** The paths that `canBeReplaced` needs facts about: this one and all folders above it. */
export function pathAndAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...pathAndAbove(above)];
}

/** Whether a user other than root and this one can replace this file or folder. Undefined if it has gone. */
export function canBeReplaced(path: string, uid: number, facts: PathFacts): boolean | undefined {
  const isTrusted = (owner: number): boolean => owner === 0 || owner === uid;
  for (let entry = path; entry !== '/'; entry = dirname(entry)) {
    const [own, directory] = [facts.lstat(entry), facts.stat(dirname(entry))];
    if (!own || !directory) return undefined;
    const isSticky = (directory.mode & 0o1000) !== 0;
    const isWritable = (directory.mode & 0o022) !== 0;
    if (!isTrusted(directory.uid) || (isWritable && !(isSticky && isTrusted(own.uid)))) return true;
  }
  return false;
}
