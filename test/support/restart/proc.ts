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

/** The living processes with this text as an argument, or in a path in one. */
export async function pidsWith(text: string): Promise<number[]> {
  const names = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const pids = await Promise.all(
    names.map(async (name) => {
      const argv = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      return argv.split('\0').some((arg) => arg === text || arg.endsWith(`/${text}`)) ? [Number(name)] : [];
    }),
  );
  const alive = await Promise.all(pids.flat().map(async (pid) => ((await isAlive(pid)) ? [pid] : [])));
  return alive.flat();
}
