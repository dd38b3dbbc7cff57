/**
 * Replaces everything in a command that looks like a secret by `***` (R24). The log itself masks the secrets of the
 * configuration. A command may hold others, which only its words reveal. The arguments of a process may be those of any user and a
 * megabyte long, so no pattern may try every place with every length.
 */
export function maskCommand(text: string): string {
  return SECRETS.reduce((masked, pattern) => masked.replace(pattern, '$1***'), text);
}

const VALUE = `("[^"]*"|'[^']*'|[^\\s"';|&]+)`;
const SECRETS = [
  // PGPASSWORD=x, --password x, api_key: x
  new RegExp(
    `(?<![\\w-])(?=[\\w-]*?(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key))([\\w-]+(?:\\s*[=:]\\s*|\\s+))${VALUE}`,
    'gi',
  ),
  // mysqladmin -px
  new RegExp(`(\\b(?:mysql|maria)\\w*\\b[^;|&]{0,500}?\\s-p)${VALUE}`, 'g'),
  // curl -u user:x
  /(\s(?:-u|--user)(?:\s*=)?\s*["']?[^\s:"']+:)[^\s"']+/g,
  // https://user:x@host
  /(:\/\/[^\s:/@]+:)[^\s@]{1,500}(?=@)/g,
  // Authorization: Bearer x
  /(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]+/gi,
];
