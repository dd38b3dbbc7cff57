import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findOnPath, isExecutableFile } from './find-on-path.js';
import { programOf } from './program-of.js';

/** What is known about a shell command without running it. */
type CommandVerdict =
  | { readonly kind: 'found'; readonly file: string }
  /** A builtin, a variable or a compound command: only the shell knows. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'missing'; readonly word: string }
  | { readonly kind: 'not-executable'; readonly file: string }
  /** Found, but only on the PATH of the caller. */
  | { readonly kind: 'elsewhere'; readonly word: string; readonly file: string };

/** Looks for the program that a command begins with. Does not judge the rest, and runs nothing. */
export async function judgeCommand(shell: string, path = process.env.PATH): Promise<CommandVerdict> {
  const word = programOf(shell);
  if (word === undefined) return { kind: 'unknown' };
  if (word.includes('/')) {
    // Relative to the working directory of the service, which is `/`.
    const file = resolve('/', word);
    if (await isExecutableFile(file)) return { kind: 'found', file };
    return (await exists(file)) ? { kind: 'not-executable', file } : { kind: 'missing', word };
  }
  const [usual] = await findOnPath(word, undefined);
  if (usual !== undefined) return { kind: 'found', file: usual };
  const [file] = await findOnPath(word, path);
  return file === undefined ? { kind: 'missing', word } : { kind: 'elsewhere', word, file };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    async () => !(await stat(file)).isDirectory(),
    () => false,
  );
}
