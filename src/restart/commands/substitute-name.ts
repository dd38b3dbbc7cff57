/**
 * Puts the system name where a command of the configuration file says `%s` (R15), as it is: its alphabet (R14) has
 * no character that a shell reads as anything but itself, quoted or not.
 */
export function substituteName(command: string, systemName: string): string {
  // A function, because a replacement string gives `$` a meaning.
  return command.replaceAll('%s', () => systemName);
}
