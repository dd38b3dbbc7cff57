import type { PathFacts } from '../processes/look-at-paths.js';
import type { Credentials } from '../processes/process-info.js';
import { whoCanReplace } from './who-can-replace.js';

/**
 * Why a process of this user must not be started from this file; undefined if it may. `facts`: what was found there.
 * Rejects with CannotTellError.
 *
 * - Any user can start a set-uid program under any name, with any arguments and environment. Its real user id may
 *   already be root (sudo at its prompt). To start it again as root would be to do what that user wants.
 * - A file that another user can replace would be run with the rights of this one. The user of a program that is not
 *   root may run the files of another, by their own paths: that is how programs are installed that a second user
 *   maintains. A group that may write, such as that of `/usr/local/bin`, was chosen by root; but it does not decide
 *   where a link leads.
 */
export async function judgeProgram(
  file: string,
  user: Pick<Credentials, 'uid' | 'gid'>,
  facts: PathFacts,
): Promise<string | undefined> {
  const found = facts.stat(file);
  if (!found || (found.mode & 0o6000) !== 0) return `runs the set-uid program ${file}`;
  const replacer = await whoCanReplace(file, user);
  if (replacer === undefined) return undefined;
  const { who, because } = replacer;
  const isLink = facts.executable(file) !== file;
  if (!isLink && (user.uid !== 0 || who === 'a group')) return undefined;
  return `runs ${file}, which ${who} could replace: ${because}`;
}
