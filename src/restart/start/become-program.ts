import { quoteForShell } from '../../lib/shell-word.js';
import type { ProgramStart, StartPlan } from './start-plan.js';

/**
 * Text for a shell that sets the working directory, the outputs and argv[0] of a program and then becomes it (R18,
 * R28). The shell runs as the user of the program, so it reaches no folder and opens no file that this user may not.
 */
interface BecomeProgram {
  /** The shell to use. Only bash has `exec -a`, for a different argv[0]. */
  readonly shell: '/bin/sh' | '/bin/bash';
  readonly script: string;
  readonly arguments: readonly string[];
}

/** The exit code of the shell if it could not enter the working directory, or found another one in its place. */
const NO_DIRECTORY = 123;

/** The reason why a program of this plan has not begun, if this exit code says so. */
export function describeEarlyExit(plan: StartPlan, exitCode: number | null): string | undefined {
  if (plan.kind !== 'program' || exitCode !== NO_DIRECTORY) return undefined;
  return `its working directory ${plan.cwd} was replaced, or is closed to its user`;
}

export function becomeProgram({
  file,
  args,
  argv0,
  cwd,
  cwdInode,
  env,
  outputs = {},
}: ProgramStart): BecomeProgram {
  const isRenamed = argv0 !== file;
  const become = isRenamed ? 'shift 4; exec -a "$@" </dev/null' : 'shift 5; exec "$@" </dev/null';
  return {
    shell: isRenamed ? '/bin/bash' : '/bin/sh',
    script: [
      ...PREPARE,
      ...OF_THE_SHELL.map((name) => restore(name, valueBefore(name, env, isRenamed))),
      become,
    ].join('; '),
    arguments: [fileOf(outputs.stdout), fileOf(outputs.stderr), cwd, cwdInode ?? '', argv0, file, ...args],
  };
}

/** Variables that a shell sets by itself. */
const OF_THE_SHELL = ['PWD', 'OLDPWD', 'SHLVL'];

/** bash takes one from SHLVL when it becomes a program. */
function valueBefore(
  name: string,
  env: Readonly<Record<string, string>>,
  isBash: boolean,
): string | undefined {
  const value = env[name];
  const isLevel = isBash && name === 'SHLVL' && value !== undefined && /^\d{1,3}$/.test(value);
  return isLevel ? String(Number(value) + 1) : value;
}

function restore(name: string, value: string | undefined): string {
  return value === undefined ? `unset ${name}` : `export ${name}=${quoteForShell(value)}`;
}

/** Whether the output is a file that the daemon must open. */
export function isFile(output: string | undefined): output is string {
  return output !== undefined && output !== '/dev/null';
}

function fileOf(output: string | undefined): string {
  return isFile(output) ? output : '';
}

const PREPARE = [
  // The check is made inside the folder: the user may have put another folder in its place, and that one must not be
  // used.
  `cd -P "$3" || exit ${NO_DIRECTORY}`,
  `if [ -n "$4" ] && [ "$(/usr/bin/stat -c %d:%i .)" != "$4" ]; then exit ${NO_DIRECTORY}; fi`,
  'if [ -n "$1" ] && (: >>"$1") 2>/dev/null; then exec >>"$1"; fi',
  'if [ -n "$2" ] && (: >>"$2") 2>/dev/null; then exec 2>>"$2"; fi',
];
