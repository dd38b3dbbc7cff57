import { readdir, readFile, readlink } from 'node:fs/promises';

/** Pid 1 of the host is the child of systemd-nspawn, which is a child of boot-host.sh. */
export async function findLeader(boot: number): Promise<number | undefined> {
  for (const nspawn of await childrenOf(boot)) {
    for (const child of await childrenOf(nspawn)) {
      if ((await readOwnPid(child)) === 1) return child;
    }
  }
  return undefined;
}

/** The pid here of the process that has this one where the leader has 1. */
export async function findOutsidePid(leader: number, pid: number): Promise<number | undefined> {
  const namespace = await readPidNamespace(leader);
  for (const candidate of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if ((await readOwnPid(candidate)) === pid && (await readPidNamespace(candidate)) === namespace)
      return candidate;
  }
  return undefined;
}

/** Its pid in its own namespace, also where this machine is a container itself. */
async function readOwnPid(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1]);
}

async function readPidNamespace(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => '');
}

async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}
