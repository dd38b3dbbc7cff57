import { readFile, readlink } from 'node:fs/promises';
import { hasCode } from '../../lib/has-code.js';
import { runCommand } from '../commands/run-command.js';
import {
  type ProcessTraits,
  parseIoClass,
  parseLimits,
  parseScheduling,
  parseStatusTraits,
} from '../processes/process-traits.js';

const IONICE_TIMEOUT_MS = 5000;

/** The namespaces that make a process see another host. */
export const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const;

export type Namespaces = Readonly<Partial<Record<(typeof NAMESPACES)[number], string>>>;

/** Reads the traits of a process. Undefined if one of them cannot be read. */
export async function readTraits(pid: number): Promise<ProcessTraits | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => undefined);
  const [stat, status, limits, oom, label = '', io] = await Promise.all([
    read('stat'),
    read('status'),
    read('limits'),
    read('oom_score_adj'),
    // Without a security module there is no label: the file exists but cannot be read.
    read('attr/current'),
    readIoClass(pid),
  ]);
  const ofStatus = status === undefined ? undefined : parseStatusTraits(status);
  if (stat === undefined || limits === undefined || oom === undefined || !ofStatus || !io) return undefined;
  return {
    ...parseScheduling(stat),
    ...ofStatus,
    ...io,
    oomScoreAdjust: Number(oom),
    limits: parseLimits(limits),
    label: label.replace(/[\0\s]+$/, ''),
  };
}

/**
 * Reads the namespaces of a process. Undefined if one of them cannot be read. A namespace that the kernel does not
 * have is left out.
 */
export async function readNamespaces(pid: number): Promise<Namespaces | undefined> {
  try {
    const found = await Promise.all(
      NAMESPACES.map(async (name) => [name, await readNamespace(pid, name)] as const),
    );
    return Object.fromEntries(found.filter(([, link]) => link !== undefined));
  } catch {
    return undefined;
  }
}

async function readNamespace(pid: number, name: string): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/ns/${name}`);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The only trait that no file in /proc has. */
async function readIoClass(pid: number): Promise<ReturnType<typeof parseIoClass>> {
  const argv = ['ionice', '-p', `${pid}`] as const;
  const result = await runCommand({ argv }, { timeoutMs: IONICE_TIMEOUT_MS, variables: { LC_ALL: 'C' } });
  return result.outcome === 'exited' && result.exitCode === 0 ? parseIoClass(result.output) : undefined;
}
