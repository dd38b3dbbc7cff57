import { waitFor } from '../restart/wait-for.js';
import type { Host } from './host.js';

/** A process of the host, as its /proc tells. */
export interface HostProcess {
  readonly pid: number;
  readonly argv: readonly string[];
  /** Real user id, real group id, supplementary groups. */
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its path in the hierarchy where systemd keeps its units. */
  readonly cgroup: string;
  readonly mountNamespace: string;
  readonly noNewPrivileges: boolean;
  readonly capabilityBounds: string;
  /** What its file descriptors lead to, by number. */
  readonly files: Readonly<Record<string, string>>;
}

/** Pids of the processes whose argv, joined by spaces, matches this extended regular expression as a whole. */
export async function findPids(host: Host, pattern: string): Promise<number[]> {
  const { stdout } = await host.exec(['pgrep', '-xf', pattern]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** The only process that matches. A shell that is forking is two for a moment, until its child is another program. */
export async function findOnly(host: Host, pattern: string): Promise<number> {
  return waitFor(`a process ${pattern}, and no second one`, async () => {
    const [pid, ...more] = await findPids(host, pattern);
    return more.length === 0 && pid;
  });
}

export async function readProcess(host: Host, pid: number): Promise<HostProcess> {
  // One shell for all of it; the parts are separated by a line that none of them has.
  const parts = await host.sh(`cd /proc/${pid}
    tr '\\0' '\\n' <cmdline; echo =====; cat status; echo =====; readlink cwd; echo =====
    tr '\\0' '\\n' <environ; echo =====; cat cgroup; echo =====; readlink ns/mnt; echo =====
    for fd in fd/*; do echo "\${fd#fd/} $(readlink "$fd")"; done`);
  const [argv = '', status = '', cwd = '', env = '', cgroups = '', mount = '', files = ''] =
    parts.split('=====\n');
  const numbers = (key: string) =>
    (new RegExp(`^${key}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).map(Number);
  return {
    pid,
    argv: lines(argv),
    uid: numbers('Uid')[0] ?? Number.NaN,
    gid: numbers('Gid')[0] ?? Number.NaN,
    groups: numbers('Groups'),
    cwd: cwd.trim(),
    env: Object.fromEntries(lines(env).map((line) => splitAt(line, '='))),
    cgroup: /^\d+:name=systemd:(.*)$/m.exec(cgroups)?.[1] ?? /^0::(.*)$/m.exec(cgroups)?.[1] ?? '',
    mountNamespace: mount.trim(),
    noNewPrivileges: numbers('NoNewPrivs')[0] === 1,
    capabilityBounds: /^CapBnd:\s*(\w+)$/m.exec(status)?.[1] ?? '',
    files: Object.fromEntries(lines(files).map((line) => splitAt(line, ' '))),
  };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function splitAt(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return [line.slice(0, at), line.slice(at + 1)];
}
