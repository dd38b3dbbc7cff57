import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BOOT = fileURLToPath(new URL('boot-host.sh', import.meta.url));
const END_DEADLINE_MS = 180_000;

export interface NspawnProcess {
  readonly pid: number;
  /** What it and the console of the host said. */
  output(): string;
  hasEnded(): boolean;
  /** Switches the host off and removes all that is left of it. */
  end(): Promise<void>;
}

/** Starts boot-host.sh, which runs systemd-nspawn. It ends, and the host with it, when this process ends. */
export function startNspawn(tree: string, layer: string, options: readonly string[]): NspawnProcess {
  const command = ['unshare', '--mount', '--propagation', 'private', BOOT, tree, layer, ...options];
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const { pid } = child;
  if (pid === undefined) throw new Error('setpriv of util-linux cannot be run');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    output: () => output,
    hasEnded,
    async end() {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
      await ended;
      clearTimeout(timer);
      if (child.signalCode !== null) throw new Error(`the host cannot be switched off\n${output}`);
    },
  };
}
