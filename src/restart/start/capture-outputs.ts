import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canBeExchanged } from './can-be-exchanged.js';

/** Where a daemon writes its output: a file, or `/dev/null`. Absent: the journal, as for any unit. */
export interface Outputs {
  readonly stdout?: string;
  readonly stderr?: string;
}

type OutputsVerdict = { readonly outputs: Outputs } | { readonly refusal: string };

/**
 * Finds out where a process writes its output (R18, R28): a process that was started with `>>log 2>&1` keeps its log.
 * Pipes, sockets and terminals cannot be restored, because we cannot find what is at their other end. Neither can a
 * file that another user could replace before it is opened again: a daemon of root would write wherever a link leads.
 * Throws RestartError for these.
 */
export async function captureOutputs(
  pid: number,
  uid: number,
  journalStream: string | undefined,
): Promise<OutputsVerdict> {
  const [stdout, stderr] = await Promise.all([
    captureOutput(pid, 1, uid, journalStream),
    captureOutput(pid, 2, uid, journalStream),
  ]);
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

async function captureOutput(
  pid: number,
  descriptor: number,
  uid: number,
  journalStream: string | undefined,
): Promise<Output> {
  const link = `/proc/${pid}/fd/${descriptor}`;
  const target = await readlink(link).catch(() => undefined);
  // Closed: writes to it go nowhere.
  if (target === undefined || target === '/dev/null') return NOWHERE;
  if (target.startsWith('socket:')) {
    const open = await stat(link).catch(() => undefined);
    if (open && `${open.dev}:${open.ino}` === journalStream) return { isJournal: true };
  }
  if (!target.startsWith('/')) return refuse(`a ${target.split(':')[0] ?? 'stream'}`);
  // Control characters would end up in a unit file.
  if (/\p{Cc}/u.test(target)) return refuse('a file with control characters in its name');
  const isDeleted = target.endsWith(DELETED);
  const path = isDeleted ? target.slice(0, -DELETED.length) : target;
  // A terminal that has gone accepts nothing. One that exists belongs to somebody.
  if (TERMINAL.test(path)) return isDeleted ? NOWHERE : refuse(`the terminal ${path}`);
  return captureFile(link, path, uid, isDeleted);
}

/** A file that has been removed, such as a rotated log, is created again under its name. */
async function captureFile(link: string, path: string, uid: number, isDeleted: boolean): Promise<Output> {
  const [open, named] = await Promise.all([
    stat(link).catch(() => undefined),
    lstat(path).catch(() => undefined),
  ]);
  if (named && !named.isFile()) return refuse(`${path}, which is not a regular file`);
  if (!isDeleted && (!named || open?.dev !== named.dev || open.ino !== named.ino)) {
    return refuse(`${path}, which was replaced by another file`);
  }
  try {
    const isTheirs = await canBeExchanged(named ? path : dirname(path), uid);
    return isTheirs ? refuse(`${path}, which another user could replace`) : { path };
  } catch {
    // Its folder does not exist any more.
    return NOWHERE;
  }
}

function refuse(where: string): Output {
  return { refusal: `writes its output to ${where}` };
}
