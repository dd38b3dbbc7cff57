import { quoteForShell } from '../commands/shell-text.js';
import type { ProgramStart } from './start-plan.js';

/**
 * How a shell gives a program its working directory, its outputs and its own name, and becomes it (R18, R28). It runs as
 * the user of the program: it reaches no folder and opens no file that the user may not.
 */
interface BecomeProgram {
  /** Of the interpreter, which has `exec -a` where that is needed. */
  readonly shell: '/bin/sh' | '/bin/bash';
  readonly script: string;
  readonly arguments: readonly string[];
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
    script: [...PREPARE, ...OF_THE_SHELL.map((name) => restore(name, env[name])), become].join('; '),
    arguments: [fileOf(outputs.stdout), fileOf(outputs.stderr), cwd, cwdInode ?? '', argv0, file, ...args],
  };
}

/** What a shell sets by itself. */
const OF_THE_SHELL = ['PWD', 'OLDPWD', 'SHLVL'];

function restore(name: string, value: string | undefined): string {
  return value === undefined ? `unset ${name}` : `export ${name}=${quoteForShell(value)}`;
}

/** Whether it is a file of its own, which the daemon has to open. */
export function isFile(output: string | undefined): output is string {
  return output !== undefined && output !== '/dev/null';
}

function fileOf(output: string | undefined): string {
  return isFile(output) ? output : '';
}

const PREPARE = [
  // What the user has put in the place of the folder since is not followed. Compared is when we are in it.
  'cd -P "$3" || exit 126',
  'if [ -n "$4" ] && [ "$(/usr/bin/stat -c %d:%i .)" != "$4" ]; then echo "its working directory is another one now" >&2; exit 126; fi',
  'if [ -n "$1" ] && (: >>"$1") 2>/dev/null; then exec >>"$1"; fi',
  'if [ -n "$2" ] && (: >>"$2") 2>/dev/null; then exec 2>>"$2"; fi',
];
