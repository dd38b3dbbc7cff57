import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';

const DEADLINE_MS = 120_000;
const MOST_OUTPUT = 64 * 1024 * 1024;
const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
/** As root has it after a login. Ours names files that the host does not have. */
export const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command by which a program runs in all namespaces of a host, whose pid 1 has this pid here. */
export function enter(leader: number, argv: readonly string[]): readonly [string, ...string[]] {
  return ['nsenter', '--target', String(leader), ...NAMESPACES, '--', ...argv];
}

/** Runs a program in all namespaces of a host, whose pid 1 has this pid here. Rejects when it does not end. */
export function runInside(leader: number, argv: readonly string[], input = ''): Promise<Outcome> {
  const [program, ...args] = enter(leader, argv);
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env: ENVIRONMENT, timeout: DEADLINE_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT },
      (error, stdout, stderr) => {
        const exitCode = error ? error.code : 0;
        if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
        else reject(new Error(`in the host: ${argv.join(' ')}: ${String(error)}\n${stderr}`));
      },
    );
    // It may end without reading it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** As `runInside`, at our terminal and without a deadline: for a person. */
export async function runAtTerminal(leader: number, argv: readonly string[]): Promise<void> {
  const terminal = openTerminal();
  const [program, ...args] = enter(leader, argv);
  const child = spawn(program, args, {
    env: { ...ENVIRONMENT, TERM: process.env.TERM ?? 'dumb' },
    stdio: terminal === undefined ? 'inherit' : [terminal, terminal, terminal],
  });
  await once(child, 'close');
}

/** A process of vitest has no terminal as its stdin. Undefined if there is none at all, as in a script. */
function openTerminal(): number | undefined {
  try {
    return process.stdin.isTTY ? undefined : openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
}
