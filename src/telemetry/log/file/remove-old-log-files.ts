import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Keeps the `filesToKeep` files with the highest numbers, the active one included. Throws when the directory cannot be
 * read or a file cannot be removed.
 *
 * pino-roll can do this when it rotates, but not when it opens. It does not wait for it, which leaves a file too many
 * where the service ends first, and tells nobody of a file that it cannot remove.
 */
export function removeOldLogFiles(activeFile: string, filesToKeep: number): void {
  const parts = /^(?<head>.+\.)\d+(?<tail>\.[^.]+)?$/.exec(basename(activeFile))?.groups;
  if (!parts) return;
  const { head = '', tail = '' } = parts;
  const numbers = readdirSync(dirname(activeFile))
    .filter((name) => name.startsWith(head) && name.endsWith(tail))
    .map((name) => name.slice(head.length, name.length - tail.length))
    .filter((middle) => /^\d+$/.test(middle))
    .sort((a, b) => Number(b) - Number(a));
  for (const number of numbers.slice(filesToKeep)) {
    rmSync(join(dirname(activeFile), `${head}${number}${tail}`), { force: true });
  }
}
