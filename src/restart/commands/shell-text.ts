import { quoteForShell } from '../../lib/shell-word.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The text of an EnvironmentFile= of systemd. Within double quotes only these four characters need a backslash, and
 * line feeds are kept; that is so since systemd 239. A name that systemd would ignore (an exported function of bash)
 * is left out.
 */
export function formatEnvironmentFile(environment: Readonly<Record<string, string>>): string {
  return assignments(environment, (name, value) => `${name}="${value.replace(/["\\$`]/g, '\\$&')}"\n`);
}

/** A shell fails if it is told to set one of these: in bash they are read-only, dash requires a number. */
const OF_THE_SHELL = new Set([
  'UID',
  'EUID',
  'PPID',
  'BASHOPTS',
  'SHELLOPTS',
  'BASH_VERSINFO',
  'OPTIND',
  'LINENO',
]);

/** The environment as `export` commands of a shell. A name that a shell does not accept is left out. */
export function formatShellExports(environment: Readonly<Record<string, string>>): string {
  const settable = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !OF_THE_SHELL.has(name)),
  );
  return assignments(settable, (name, value) => `export ${name}=${quoteForShell(value)}\n`);
}

function assignments(
  environment: Readonly<Record<string, string>>,
  format: (name: string, value: string) => string,
): string {
  return Object.entries(environment)
    .filter(([name]) => NAME.test(name))
    .map(([name, value]) => format(name, value))
    .join('');
}
