import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Files that a daemon writes its output to. */
export interface Outputs {
  readonly stdout?: string;
  readonly stderr?: string;
}

/**
 * Where a process writes its output (R18), where that is a file: one that was started with `>>log 2>&1` keeps its log.
 * A file that somebody else could exchange before it is opened again is left out: a daemon of root would write
 * wherever a link leads. So are pipes, sockets and terminals; whoever was at their other end is not ours to find.
 */
export async function captureOutputs(pid: number, uid: number): Promise<Outputs> {
  const [stdout, stderr] = await Promise.all([captureFile(pid, 1, uid), captureFile(pid, 2, uid)]);
  return { ...(stdout !== undefined && { stdout }), ...(stderr !== undefined && { stderr }) };
}

async function captureFile(pid: number, descriptor: number, uid: number): Promise<string | undefined> {
  const link = `/proc/${pid}/fd/${descriptor}`;
  try {
    const path = await readlink(link);
    // They would be written into a unit file.
    if (!path.startsWith('/') || /\p{Cc}/u.test(path)) return undefined;
    const [open, named] = await Promise.all([stat(link), lstat(path)]);
    if (!named.isFile() || open.dev !== named.dev || open.ino !== named.ino) return undefined;
    return (await canBeExchanged(path, uid)) ? undefined : path;
  } catch {
    return undefined;
  }
}

/** Whether another user than root and this one can put something else in the place of this file. */
async function canBeExchanged(path: string, uid: number): Promise<boolean> {
  const isTheirs = (owner: number): boolean => owner === 0 || owner === uid;
  for (let entry = path; entry !== '/'; entry = dirname(entry)) {
    const [{ uid: owner }, directory] = await Promise.all([lstat(entry), stat(dirname(entry))]);
    const isSticky = (directory.mode & 0o1000) !== 0;
    const isWritable = (directory.mode & 0o022) !== 0;
    if (!isTheirs(directory.uid) || (isWritable && !(isSticky && isTheirs(owner)))) return true;
  }
  return false;
}
