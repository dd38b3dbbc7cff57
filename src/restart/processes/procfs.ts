import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { parseExecutable, parseStat, parseStatus } from './parse-procfs.js';
import type { ProcessStat, ProcessStatus } from './process-info.js';
import { type Executable, isDead, isSameProcess, type ProcessIdentity } from './process-info.js';

/**
 * Reads the parts of /proc that never wait for the process; `cmdline` and `environ` may, see read-proc-files.ts. Every
 * function returns undefined if the process has gone: processes vanish at any moment, and that is never an error. Throws
 * CannotTellError if there is no descriptor or memory left to read (R27).
 */

/** How many files are read without a pause: a few milliseconds, during which an alarm waits. */
const AT_A_STRETCH = 100;
/** Reading a cgroup waits for a lock of the whole host, which is never held for long. */
const CGROUP_LIMIT_MS = 2000;

/** Reads all processes, zombies and kernel threads included. Every health check needs this, so it must be cheap. */
export async function readAllStats(): Promise<ProcessStat[]> {
  const names = (await readAll()).filter((name) => /^[0-9]+$/.test(name));
  const stats: ProcessStat[] = [];
  for (const [index, name] of names.entries()) {
    if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
    const stat = readStat(name);
    if (stat) stats.push(stat);
  }
  return stats;
}

/** Reads synchronously. For many processes in a row that is cheaper than a thread for each. */
export function readStat(pid: number | string): ProcessStat | undefined {
  const text = readText(pid, 'stat');
  return text === undefined ? undefined : parseStat(text);
}

/** The last pid that the kernel gave in our namespace. */
export function readLastPid(): number | undefined {
  try {
    const last = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
    return Number.isSafeInteger(last) && last > 0 ? last : undefined;
  } catch {
    return undefined;
  }
}

/** The stat of this process if it is still alive and no zombie. Messages show its state. */
export function readIfAlive(identity: ProcessIdentity): ProcessStat | undefined {
  const stat = readStat(identity.pid);
  return stat && !isDead(stat) && isSameProcess(stat, identity) ? stat : undefined;
}

/** Reads /proc/PID/status. Undefined if the process has gone. */
export function readStatus(pid: number): ProcessStatus | undefined {
  const text = readText(pid, 'status');
  return text === undefined ? undefined : parseStatus(text);
}

/** Reads /proc/PID/cgroup. Undefined if the process has gone. Rejects with CannotTellError. */
export async function readCgroups(pid: number): Promise<string | undefined> {
  const file = `/proc/${pid}/cgroup`;
  try {
    return await withTimeout(CGROUP_LIMIT_MS, readFile(file, 'utf8'));
  } catch (error) {
    return goneOrThrow(file, error);
  }
}

/**
 * The cgroups of this process. Every restart needs them. Reading our own never waits, and a thread would take longer.
 */
export function readOwnCgroups(): string | undefined {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined also if the kernel does not let us look: the process of another user, when we are not root. */
export function readExecutable(pid: number): Executable | undefined {
  const link = readProcLink(pid, 'exe');
  return link === undefined ? undefined : parseExecutable(link);
}

/** The target of a link in /proc; ` (deleted)` follows a path that no longer exists. Undefined as for readExecutable. */
export function readProcLink(pid: number, link: 'exe' | 'cwd' | 'root' | `fd/${number}`): string | undefined {
  const file = `/proc/${pid}/${link}`;
  try {
    return readlinkSync(file);
  } catch (error) {
    return isForbidden(error) ? undefined : goneOrThrow(file, error);
  }
}

async function readAll(): Promise<string[]> {
  try {
    return await readdir('/proc');
  } catch (error) {
    throw cannotTell('/proc', error);
  }
}

function readText(pid: number | string, name: string): string | undefined {
  const file = `/proc/${pid}/${name}`;
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    return goneOrThrow(file, error);
  }
}

function goneOrThrow(file: string, error: unknown): undefined {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ESRCH') return undefined;
  throw cannotTell(file, error);
}

function isForbidden(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function cannotTell(file: string, error: unknown): CannotTellError {
  return new CannotTellError(`${file} cannot be read: ${describeError(error)}`, { cause: error });
}
