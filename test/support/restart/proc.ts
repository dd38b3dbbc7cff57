import { readdir, readFile, readlink } from 'node:fs/promises';

/** Reads /proc in the plainest way, apart from the code under test. */

export async function isAlive(pid: number): Promise<boolean> {
  const state = await stateOf(pid);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Undefined: no such process, not even a zombie. */
export async function stateOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^State:\s+(\S)/m.exec(status)?.[1];
}

export async function describeProcess(pid: number) {
  const [exe, cwd, argv, env, status] = await Promise.all([
    readlink(`/proc/${pid}/exe`),
    readlink(`/proc/${pid}/cwd`),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
    readFile(`/proc/${pid}/environ`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  const line = (key: string) => new RegExp(`^${key}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1];
  return {
    exe,
    cwd,
    argv: argv.split('\0').slice(0, -1),
    env: env.split('\0').slice(0, -1).sort(),
    uid: line('Uid'),
    gid: line('Gid'),
    groups: line('Groups'),
    umask: line('Umask'),
    ppid: Number(line('PPid')),
  };
}

/**
 * The living processes with this text as an argument, or at the end of a path in one. A shell that forks is two for a moment,
 * until its child is another program: that child is left out.
 */
export async function pidsWith(text: string): Promise<number[]> {
  const names = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const argv = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      const isMeant = argv.split('\0').some((arg) => arg === text || arg.endsWith(`/${text}`));
      return isMeant && (await isAlive(Number(name))) ? [{ pid: Number(name), argv }] : [];
    }),
  );
  const argvs = new Map(found.flat().map(({ pid, argv }) => [pid, argv]));
  const parents = await Promise.all([...argvs.keys()].map(parentOf));
  return [...argvs.keys()].filter((pid, index) => argvs.get(parents[index] ?? 0) !== argvs.get(pid));
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}
