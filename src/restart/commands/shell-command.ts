import { programOf } from './program-of.js';

/**
 * How a shell runs a command of the configuration without having the text among its arguments (R15): `ps` would show
 * the text there, and `pgrep -f NAME` would find itself. The text is passed in a variable that the command does not
 * see.
 */
interface ShellCommand {
  readonly argv: readonly ['/bin/sh', '-c', string];
  readonly variables: Readonly<Record<string, string>>;
}

export function shellCommand(text: string): ShellCommand {
  return {
    argv: ['/bin/sh', '-c', `_command=$${TEXT}; unset ${TEXT}; eval "$_command"`],
    variables: { [TEXT]: isOneProgram(text) ? `exec ${text}` : text },
  };
}

const TEXT = 'MONITOR_COMMAND_TEXT';

/**
 * Whether the text is a single program. The shell then becomes the program, as with `sh -c`, and does not stay as the
 * parent of a daemon.
 */
export function isOneProgram(text: string): boolean {
  if (programOf(text) === undefined || ASSIGNMENT.test(text)) return false;
  const bare = text.replace(QUOTED, 'x').replace(DUPLICATED, ' ');
  return !/[;&|()`{}!\n]/.test(bare);
}

const ASSIGNMENT = /^\s*[A-Za-z_][A-Za-z0-9_]*=/;
const QUOTED = /'[^']*'|"(?:\\.|[^"\\$`])*"/g;
/** `2>&1` */
const DUPLICATED = /[0-9]*[<>]&[0-9-]/g;
