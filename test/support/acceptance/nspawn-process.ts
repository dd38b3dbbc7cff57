import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BOOT = fileURLToPath(new URL('boot-host.sh', import.meta.url));

export interface NspawnProcess {
  readonly pid: number;
  /** What it and the console of the host said. */
  output(): string;
  hasEnded(): boolean;
  /** Ends it and with it the host. */
  kill(): Promise<void>;
}

/** Starts boot-host.sh, which runs systemd-nspawn. The kernel kills them when this process ends. */
export function startNspawn(tree: string, layer: string, options: readonly string[]): NspawnProcess {
  const command = ['unshare', '--mount', '--propagation', 'private', BOOT, tree, layer, ...options];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const { pid } = child;
  if (pid === undefined) throw new Error('setpriv of util-linux cannot be run');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  return {
    pid,
    output: () => output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async kill() {
      child.kill('SIGKILL');
      await ended;
      await removeCgroups(pid);
    },
  };
}

/** Those that boot-host.sh made; the host's systemd made its own below them. */
async function removeCgroups(pid: number): Promise<void> {
  for (const hierarchy of ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup']) {
    await removeTree(join(hierarchy, `monitor_service-acceptance-${pid}`));
  }
}

/** A cgroup is removed as an empty directory although it lists files. */
async function removeTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await rmdir(directory).catch(() => {});
}
