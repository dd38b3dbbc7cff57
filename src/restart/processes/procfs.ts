import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { withTimeout } from '../../lib/with-timeout.js';
import { parseExecutable, parseStat, parseStatus, parseStrings } from './parse-procfs.js';
import type { ProcessStat, ProcessStatus } from './process-info.js';
import { type Executable, isDead, isSameProcess, type ProcessIdentity } from './process-info.js';

/**
 * Reads /proc. Every function answers undefined where the process has gone or the kernel does not let us look:
 * processes vanish at any moment, and that is never a fault.
 */

/**
 * Deadline of a read, in ms. The kernel may block these files for ever if the process hangs in a page fault (a dead
 * NFS server).
 */
const READ_LIMIT_MS = 2000;

/** How many files are read without a pause: a few milliseconds, during which an alarm waits. */
const AT_A_STRETCH = 100;

/**
 * Reads all processes, zombies and kernel threads included. Every health check needs this, so it must be cheap:
 * `stat`, unlike the files below, never waits for the memory of a process, and can be read without a thread for each.
 */
export async function readAllStats(): Promise<ProcessStat[]> {
  const names = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const stats: ProcessStat[] = [];
  for (const [index, name] of names.entries()) {
    if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
    const stat = readStatSync(name);
    if (stat) stats.push(stat);
  }
  return stats;
}

/** Reads synchronously. For many processes in a row that is cheaper than a thread for each. */
export function readStatSync(pid: number | string): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
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

async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const bytes = await readBytes(pid, 'stat');
  return bytes && parseStat(bytes.toString('latin1'));
}

/** The stat of this process if it is still alive and no zombie. Messages show its state. */
export async function readIfAlive(identity: ProcessIdentity): Promise<ProcessStat | undefined> {
  const stat = await readStat(identity.pid);
  return stat && !isDead(stat) && isSameProcess(stat, identity) ? stat : undefined;
}

/** argv; an element that is not UTF-8 is undefined. Empty for a kernel thread or a zombie. */
export async function readArguments(pid: number): Promise<(string | undefined)[] | undefined> {
  const bytes = await readBytes(pid, 'cmdline');
  return bytes && parseStrings(bytes);
}

/** The environment at the start of the process. Variables that are not UTF-8 are left out. */
export async function readEnvironment(pid: number): Promise<Record<string, string> | undefined> {
  const bytes = await readBytes(pid, 'environ');
  if (!bytes) return undefined;
  const environment: Record<string, string> = {};
  for (const assignment of parseStrings(bytes)) {
    const equals = assignment?.indexOf('=') ?? -1;
    if (assignment && equals > 0) environment[assignment.slice(0, equals)] ??= assignment.slice(equals + 1);
  }
  return environment;
}

export async function readStatus(pid: number): Promise<ProcessStatus | undefined> {
  const bytes = await readBytes(pid, 'status');
  return bytes && parseStatus(bytes.toString('latin1'));
}

export async function readCgroups(pid: number): Promise<string | undefined> {
  return (await readBytes(pid, 'cgroup'))?.toString('utf8');
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

export async function readExecutable(pid: number): Promise<Executable | undefined> {
  const link = await readLink(pid, 'exe');
  return link === undefined ? undefined : parseExecutable(link);
}

/** The working directory. A removed one ends with ` (deleted)`. */
export function readWorkingDirectory(pid: number): Promise<string | undefined> {
  return readLink(pid, 'cwd');
}

/** The root directory; not `/` in a chroot. */
export function readRoot(pid: number): Promise<string | undefined> {
  return readLink(pid, 'root');
}

function readBytes(pid: number, file: string): Promise<Buffer | undefined> {
  return withTimeout(READ_LIMIT_MS, readFile(`/proc/${pid}/${file}`)).catch(() => undefined);
}

async function readLink(pid: number, link: string): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/${link}`);
  } catch {
    return undefined;
  }
}
