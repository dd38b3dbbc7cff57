/**
 * A name of a user of the page. It goes into log lines, the history and the state file, so it has an alphabet that can
 * end no line and no field there.
 */
export function isWebUserName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name);
}

export const WEB_USER_NAMES = 'a letter or digit, then up to 31 letters, digits, and . _ -';
