/** The text as one word of a shell, quoted only if it needs it: for a command that a person reads and types. */
export function shellWord(text: string): string {
  return /^[\w.@:/+-]+$/.test(text) ? text : quoteForShell(text);
}

/** Quotes any text as one word of a shell. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
