import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, ftruncateSync, readFileSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { describeError } from '../domain/errors.js';
import { openOwnFile } from '../lib/files/own-file.js';
import { TimedOutError, withTimeout } from '../lib/with-timeout.js';

/** Who uses a state file. */
export interface LockHolder {
  readonly pid: number;
  /** Ms since the epoch. */
  readonly startedAt: number;
}

export type LockOutcome =
  | { readonly kind: 'held' }
  /** The holder may not have written yet who it is. */
  | { readonly kind: 'taken'; readonly holder?: LockHolder }
  /** The file system hangs (R33). */
  | { readonly kind: 'no-answer'; readonly reason: string }
  /** It is not known whether another service runs. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The exit code of flock(1), of util-linux and of busybox, if another process has the lock. */
const CONFLICT = 1;
/** Deadline, in ms, besides the time to wait for another service: a lock takes milliseconds. */
const LIMIT_MS = 20_000;

/**
 * Locks the state file for the life of this process (R32). Waits up to `waitMs` for another service to end.
 *
 * The lock is one of flock(2) on an open file. The kernel releases it when the process ends, in whatever way, and
 * keeps it while the process is frozen. Node.js has no call for it, so the program flock takes it on the inherited
 * descriptor, which is the same open file. (A socket would lock only one network namespace; an `O_EXCL` file would be
 * left behind.)
 */
export async function lockState(stateFile: string, waitMs = 0): Promise<LockOutcome> {
  try {
    return await withTimeout(waitMs + LIMIT_MS, takeLock(stateFile, waitMs));
  } catch (error) {
    if (!(error instanceof TimedOutError)) throw error;
    return { kind: 'no-answer', reason: error.message };
  }
}

async function takeLock(stateFile: string, waitMs: number): Promise<LockOutcome> {
  const file = stateLockFile(stateFile);
  let lock: FileHandle;
  try {
    const { O_RDWR, O_APPEND, O_CREAT } = constants;
    lock = await openOwnFile(file, O_RDWR | O_APPEND | O_CREAT, 0o600);
  } catch (error) {
    return { kind: 'unknown', reason: describeError(error) };
  }
  const exit = await runFlock(lock.fd, waitMs);
  if (exit === 0) {
    held.push(lock);
    sayWhoWeAre(lock.fd);
    return { kind: 'held' };
  }
  const holder = exit === CONFLICT ? readHolder(lock.fd) : undefined;
  await lock.close();
  if (exit === CONFLICT) return { kind: 'taken', ...(holder && { holder }) };
  return { kind: 'unknown', reason: typeof exit === 'string' ? exit : `flock: exit code ${exit}` };
}

/** Never closed, and kept so that they are not garbage-collected: closing the descriptor would release the lock. */
const held: FileHandle[] = [];

/** Is not removed when the service ends: otherwise two services could each lock a file of that name. */
function stateLockFile(stateFile: string): string {
  return `${stateFile}.lock`;
}

/** Resolves to the exit code, or to the reason why there is none. */
async function runFlock(descriptor: number, waitMs: number): Promise<number | string> {
  const how = waitMs > 0 ? ['-w', `${Math.ceil(waitMs / 1000)}`] : ['-n'];
  const child: ChildProcess = spawn('flock', [...how, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  });
  try {
    const [code, signal] = await once(child, 'exit');
    return typeof code === 'number' ? code : `flock: ended by ${signal}`;
  } catch (error) {
    return `${describeError(error)}; install util-linux`;
  }
}

function sayWhoWeAre(descriptor: number): void {
  const holder: LockHolder = {
    pid: process.pid,
    startedAt: Math.round(Date.now() - process.uptime() * 1000),
  };
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${JSON.stringify(holder)}\n`);
  } catch {
    // The disk may be full. The lock works without the text.
  }
}

/** From the open file: another user may have put something else under its name meanwhile. */
function readHolder(descriptor: number): LockHolder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(descriptor, 'utf8'));
    return Number.isSafeInteger(pid) && Number.isSafeInteger(startedAt) ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}
