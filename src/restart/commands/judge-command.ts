import { resolve } from 'node:path';
import { lookAtPaths } from '../processes/look-at-paths.js';
import { findOnPath } from './find-on-path.js';
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
    const facts = await lookAtPaths([file]);
    if (facts.executable(file) !== undefined) return { kind: 'found', file };
    const found = facts.stat(file);
    const isFile = found !== undefined && (found.mode & 0o170000) !== 0o040000;
    return isFile ? { kind: 'not-executable', file } : { kind: 'missing', word };
  }
  const [usual] = await findOnPath(word, undefined);
  if (usual !== undefined) return { kind: 'found', file: usual };
  const [file] = await findOnPath(word, path);
  return file === undefined ? { kind: 'missing', word } : { kind: 'elsewhere', word, file };
}
