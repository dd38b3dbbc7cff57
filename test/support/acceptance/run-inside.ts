import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { execa } from 'execa';

const DEADLINE_MS = 240_000;
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
export async function runInside(leader: number, argv: readonly string[], input = ''): Promise<Outcome> {
  const [program, ...args] = enter(leader, argv);
  const result = await execa(program, args, {
    ...{ input, env: ENVIRONMENT, extendEnv: false, reject: false, stripFinalNewline: false },
    ...{ timeout: DEADLINE_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT },
  });
  const { exitCode, stdout, stderr } = result;
  if (exitCode === undefined) throw new Error(`in the host: ${argv.join(' ')}: ${result.message}`);
  return { exitCode, stdout, stderr };
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
