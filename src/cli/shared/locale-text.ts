/** The text as the locale can show it: without UTF-8, nothing beyond ASCII. */
export function toLocaleText(text: string, env: NodeJS.ProcessEnv): string {
  if (isUnicodeLocale(env)) return text;
  return text
    .replaceAll('…', '...')
    .replaceAll('→', '->')
    .replace(/\P{ASCII}/gu, '?');
}

/** What POSIX looks at, in its order; an empty variable counts as none. */
export function isUnicodeLocale({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
