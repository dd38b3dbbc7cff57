import { dirname, resolve } from 'node:path';
import { type FileFacts, lookAtPaths } from '../processes/look-at-paths.js';
import type { Credentials } from '../processes/process-info.js';
import { pathAndAbove } from './can-be-replaced.js';

/** The limit of the kernel. */
const MAX_LINKS = 40;

/**
 * Who can replace what is found at a path, besides root and this user. Every folder and link on the way counts, also
 * those that a link leads to, and so does what belongs to another user already. `a group`: one that is neither root's
 * nor the user's own. Another user cannot change the answer meanwhile: he could only change what comes after something
 * of his. Rejects with CannotTellError.
 */
export async function whoCanReplace(
  path: string,
  user: Pick<Credentials, 'uid' | 'gid'>,
): Promise<'nobody' | 'a group' | 'another user'> {
  let here = path;
  let who: 'nobody' | 'a group' = 'nobody';
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const way = pathAndAbove(here).reverse();
    const facts = await lookAtPaths(way);
    let next: string | undefined;
    for (const entry of way) {
      const own = facts.lstat(entry);
      if (!own || !isTrusted(own.uid, user)) return 'another user';
      const link = facts.link(entry);
      const writers = link === undefined ? writersOf(own, user) : 'nobody';
      if (writers === 'another user') return writers;
      if (writers === 'a group') who = writers;
      if (link === undefined) continue;
      // The folder before the dots may be a link itself.
      if (/[^./][^/]*\/+\.\.(\/|$)/.test(link)) return 'another user';
      next = resolve(dirname(entry), link) + here.slice(entry.length);
      break;
    }
    if (next === undefined) return who;
    here = next;
  }
  return 'another user';
}

function isTrusted(uid: number, user: Pick<Credentials, 'uid'>): boolean {
  return uid === 0 || uid === user.uid;
}

function writersOf(
  { mode, gid }: FileFacts,
  user: Pick<Credentials, 'uid' | 'gid'>,
): 'nobody' | 'a group' | 'another user' {
  const isFolder = (mode & 0o170000) === 0o040000;
  // There each user controls only his own files.
  if (isFolder && (mode & 0o1000) !== 0) return 'nobody';
  if ((mode & 0o002) !== 0) return 'another user';
  const isOwnGroup = gid === 0 || (user.uid !== 0 && gid === user.gid);
  return (mode & 0o020) !== 0 && !isOwnGroup ? 'a group' : 'nobody';
}
