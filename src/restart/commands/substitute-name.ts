/**
 * Replaces `%s` in a command of the configuration file by the system name (R15), without quoting: the alphabet of R14
 * has no character with a meaning for a shell.
 */
export function substituteName(command: string, systemName: string): string {
  // A function, because `$` has a meaning in a replacement string.
  return command.replaceAll('%s', () => systemName);
}
