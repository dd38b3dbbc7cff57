import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Built from `src` into `dist`. */
export const PROGRAM = fileURLToPath(new URL('../../bin/monitor_service', import.meta.url));
/** The Node.js that runs it. `npm run test:matrix` tries others than that of the tests. */
export const NODE = process.env.MONITOR_TEST_NODE || process.execPath;
const NOBODY = 65_534;

export interface ProgramRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the program to its end, without a terminal, as alice behind sudo. */
export async function runProgram(
  args: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'cwd'> = {},
): Promise<ProgramRun> {
  return collect(
    spawn(NODE, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, SUDO_USER: 'alice', LC_ALL: 'C.UTF-8', ...options.env },
    }),
  );
}

/**
 * The same as user nobody, which takes root. Node.js and this checkout may lie in a folder that only root may enter:
 * what is handed on by /proc/self needs no way through the folders above it.
 */
export async function runProgramAsNobody(args: readonly string[]): Promise<ProgramRun> {
  const options = ['--preserve-symlinks', '--preserve-symlinks-main'];
  return collect(
    spawn('/proc/self/exe', [...options, '/proc/self/cwd/bin/monitor_service', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      uid: NOBODY,
      gid: NOBODY,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    }),
  );
}

async function collect(child: ChildProcessByStdio<null, Readable, Readable>): Promise<ProgramRun> {
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
