/**
 * Replaces everything in a command that looks like a secret by `***` (R24). The log itself masks the secrets of the
 * configuration. A command may hold others, which only its words reveal.
 */
export function maskCommand(text: string): string {
  return SECRETS.reduce((masked, pattern) => masked.replace(pattern, '$1***'), text);
}

const VALUE = `("[^"]*"|'[^']*'|[^\\s"';|&]+)`;
const SECRETS = [
  // PGPASSWORD=x, --password x, api_key: x
  new RegExp(
    `([\\w-]*(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key)[\\w-]*(?:\\s*[=:]\\s*|\\s+))${VALUE}`,
    'gi',
  ),
  // mysqladmin -px
  new RegExp(`(\\b(?:mysql|maria)\\w*\\b[^;|&]*?\\s-p)${VALUE}`, 'g'),
  // curl -u user:x
  /(\s(?:-u|--user)\s*=?\s*["']?[^\s:"']+:)[^\s"']+/g,
  // https://user:x@host
  /(:\/\/[^\s:/@]+:)[^\s@]+(?=@)/g,
  // Authorization: Bearer x
  /(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]+/gi,
];
