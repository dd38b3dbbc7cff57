import { dirname } from 'node:path';
import type { FileFacts, PathFacts } from '../processes/look-at-paths.js';
import { readProcLink } from '../processes/procfs.js';
import { canBeReplaced, pathAndAbove } from './can-be-replaced.js';

/** Where a daemon writes its output: a file, or `/dev/null`. Absent: the journal, as for any unit. */
export interface Outputs {
  readonly stdout?: string;
  readonly stderr?: string;
}

type OutputsVerdict = { readonly outputs: Outputs } | { readonly refusal: string };

/** What stdout and stderr of a process lead to, by their links in /proc. Undefined: closed. */
interface OutputLink {
  readonly link: string;
  readonly target: string | undefined;
}

export function readOutputLinks(pid: number): readonly [OutputLink, OutputLink] {
  const read = (descriptor: number): OutputLink => ({
    link: `/proc/${pid}/fd/${descriptor}`,
    target: readProcLink(pid, `fd/${descriptor}`),
  });
  return [read(1), read(2)];
}

/** The paths that `judgeOutputs` needs facts about. */
export function pathsOfOutputs(outputs: readonly OutputLink[]): string[] {
  return outputs.flatMap(({ link, target }) => {
    if (target === undefined) return [];
    return target.startsWith('/') ? [link, ...pathAndAbove(withoutDeleted(target))] : [link];
  });
}

/**
 * Finds out where a process writes its output (R18, R28): a process that was started with `>>log 2>&1` keeps its log.
 * Pipes, sockets and terminals cannot be restored, because we cannot find what is at their other end. Neither can a
 * file that another user could replace before it is opened again: a daemon of root would write wherever a link leads.
 * For these the verdict is a refusal.
 */
export function judgeOutputs(
  [out, err]: readonly [OutputLink, OutputLink],
  uid: number,
  journalStream: string | undefined,
  facts: PathFacts,
): OutputsVerdict {
  const stdout = judgeOutput(out, uid, journalStream, facts);
  const stderr = judgeOutput(err, uid, journalStream, facts);
  for (const output of [stdout, stderr]) if ('refusal' in output) return output;
  return {
    outputs: {
      ...('path' in stdout && { stdout: stdout.path }),
      ...('path' in stderr && { stderr: stderr.path }),
    },
  };
}

type Output = { readonly path: string } | { readonly isJournal: true } | { readonly refusal: string };

const NOWHERE: Output = { path: '/dev/null' };
const DELETED = ' (deleted)';
const TERMINAL = /^\/dev\/(pts\/|tty|console)/;

function judgeOutput(
  { link, target }: OutputLink,
  uid: number,
  journalStream: string | undefined,
  facts: PathFacts,
): Output {
  // Closed: writes to it go nowhere.
  if (target === undefined || target === '/dev/null') return NOWHERE;
  if (target.startsWith('socket:') && facts.stat(link)?.inode === journalStream) return { isJournal: true };
  if (!target.startsWith('/')) return refuse(`a ${target.split(':')[0] ?? 'stream'}`);
  // Control characters would end up in a unit file.
  if (/\p{Cc}/u.test(target)) return refuse('a file with control characters in its name');
  const isDeleted = target.endsWith(DELETED);
  const path = withoutDeleted(target);
  // A terminal that has gone accepts nothing. One that exists belongs to somebody.
  if (TERMINAL.test(path)) return isDeleted ? NOWHERE : refuse(`the terminal ${path}`);
  return judgeFile(link, path, uid, isDeleted, facts);
}

/** A file that has been removed, such as a rotated log, is created again under its name. */
function judgeFile(link: string, path: string, uid: number, isDeleted: boolean, facts: PathFacts): Output {
  const [open, named] = [facts.stat(link), facts.lstat(path)];
  if (named && !isRegular(named)) return refuse(`${path}, which is not a regular file`);
  if (!isDeleted && (!named || open?.inode !== named.inode)) {
    return refuse(`${path}, which was replaced by another file`);
  }
  const isReplaceable = canBeReplaced(named ? path : dirname(path), uid, facts);
  // Its folder does not exist any more.
  if (isReplaceable === undefined) return NOWHERE;
  return isReplaceable ? refuse(`${path}, which another user could replace`) : { path };
}

function isRegular({ mode }: FileFacts): boolean {
  return (mode & 0o170000) === 0o100000;
}

function withoutDeleted(target: string): string {
  return target.endsWith(DELETED) ? target.slice(0, -DELETED.length) : target;
}

function refuse(where: string): Output {
  return { refusal: `writes its output to ${where}` };
}
