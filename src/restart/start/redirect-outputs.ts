import type { Outputs } from './capture-outputs.js';

/**
 * The commands of a shell that gives a program its outputs back and becomes it (R18). Its arguments are those of
 * `redirectArguments`. It runs as the user of the program: what that user may not open any more is left as it is.
 */
export const REDIRECT_AND_EXECUTE = [
  'if [ -n "$1" ] && (: >>"$1") 2>/dev/null; then exec >>"$1"; fi',
  'if [ -n "$2" ] && (: >>"$2") 2>/dev/null; then exec 2>>"$2"; fi',
  'shift 2',
  'exec "$@" </dev/null',
].join('; ');

export function redirectArguments(
  { stdout = '', stderr = '' }: Outputs,
  program: readonly string[],
): string[] {
  return [stdout, stderr, ...program];
}
