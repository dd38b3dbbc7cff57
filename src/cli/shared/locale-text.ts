/** Replaces what the locale cannot show: without UTF-8, everything beyond ASCII. */
export function toLocaleText(text: string, env: NodeJS.ProcessEnv): string {
  if (isUnicodeLocale(env)) return text;
  return text
    .replaceAll('…', '...')
    .replaceAll('→', '->')
    .replace(/\P{ASCII}/gu, '?');
}

/** Looks at the variables in the order of POSIX. An empty one counts as unset. */
export function isUnicodeLocale({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
