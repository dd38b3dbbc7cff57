import { dirname, resolve } from 'node:path';
import { type FileFacts, lookAtPaths } from '../processes/look-at-paths.js';
import type { Credentials } from '../processes/process-info.js';
import { pathAndAbove } from './can-be-replaced.js';

/** The limit of the kernel. */
const MAX_LINKS = 40;

/** Who can replace a file, and why: `/opt/acme belongs to uid 1001`. */
interface Replacer {
  /** `a group`: one that is neither root's nor the user's own. */
  readonly who: 'a group' | 'another user';
  readonly because: string;
}

/**
 * Who can replace what is found at a path, besides root and this user; undefined: nobody. Every folder and link on the way
 * counts, also those that a link leads to, and so does what belongs to another user already. Another user cannot change the
 * answer meanwhile: he could only change what comes after something of his. Rejects with CannotTellError.
 */
export async function whoCanReplace(
  path: string,
  user: Pick<Credentials, 'uid' | 'gid'>,
): Promise<Replacer | undefined> {
  let here = path;
  let group: Replacer | undefined;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const way = pathAndAbove(here).reverse();
    const facts = await lookAtPaths(way);
    let next: string | undefined;
    for (const entry of way) {
      const own = facts.lstat(entry);
      if (!own) return byAnother(`${entry} is not there`);
      if (!isTrusted(own.uid, user)) return byAnother(`${entry} belongs to uid ${own.uid}`);
      const link = facts.link(entry);
      const writers = link === undefined ? writersOf(own, user) : 'nobody';
      if (writers === 'another user') return byAnother(`all users may write ${entry}`);
      if (writers === 'a group') group = { who: writers, because: `gid ${own.gid} may write ${entry}` };
      if (link === undefined) continue;
      // The folder before the dots may be a link itself.
      if (/[^./][^/]*\/+\.\.(\/|$)/.test(link)) return byAnother(`${entry} leads to ${link}`);
      next = resolve(dirname(entry), link) + here.slice(entry.length);
      break;
    }
    if (next === undefined) return group;
    here = next;
  }
  return byAnother(`${path} leads over too many links`);
}

function byAnother(because: string): Replacer {
  return { who: 'another user', because };
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
