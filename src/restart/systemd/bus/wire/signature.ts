/** Where the complete type that begins at `from` ends in this signature. */
export function endOfType(signature: string, from: number): number {
  let at = from;
  while (signature[at] === 'a') at += 1;
  const opens = signature[at];
  if (opens === undefined) throw new TypeError(`D-Bus signature without an end: ${signature}`);
  if (opens !== '(' && opens !== '{') return at + 1;
  for (let depth = 0; at < signature.length; at += 1) {
    const character = signature[at];
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new TypeError(`D-Bus signature without an end: ${signature}`);
}

/** To what a value of the type at `at` is aligned, in bytes. */
export function alignmentOf(signature: string, at: number): 1 | 2 | 4 | 8 {
  switch (signature[at]) {
    case 'y':
    case 'g':
    case 'v':
      return 1;
    case 'n':
    case 'q':
      return 2;
    case 'x':
    case 't':
    case 'd':
    case '(':
    case '{':
      return 8;
    default:
      return 4;
  }
}
