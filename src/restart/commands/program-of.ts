/**
 * The program that a shell command begins with, after any assignments. Undefined if only a shell can tell: a builtin,
 * a keyword, an expansion, a group. Pure.
 */
export function programOf(shell: string): string | undefined {
  let rest = shell.trimStart();
  for (let match = ASSIGNMENT.exec(rest); match; match = ASSIGNMENT.exec(rest))
    rest = rest.slice(match[0].length);
  const [, double, single, plain] = WORD.exec(rest) ?? [];
  const word = double ?? single ?? plain;
  return word === undefined || word === '' || OF_THE_SHELL.has(word) ? undefined : word;
}

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=(?:"[^"\\$`]*"|'[^']*'|[^\s"'\\$`;|&<>()]*)\s+/;
/** A word without characters that the shell would change, and the end of the word. */
const WORD = /^(?:"([^"\\$`]+)"|'([^']+)'|([^\s"'\\$`;|&<>(){}*?[\]~#!]+))(?=$|[\s;|&<>)])/;

const OF_THE_SHELL: ReadonlySet<string> = new Set(
  (
    'alias bg break case cd command continue do done elif else esac eval exec exit export false fg fi for getopts ' +
    'hash if in jobs kill local printf echo pwd read readonly return set shift source test then times trap true ' +
    'type ulimit umask unalias unset until wait while . : ' +
    // Builtins of bash, for hosts where it is /bin/sh.
    'builtin caller coproc declare dirs disown enable function help history let logout mapfile popd pushd readarray ' +
    'select shopt suspend time typeset'
  ).split(' '),
);
