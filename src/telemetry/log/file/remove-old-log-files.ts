import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Keeps the `filesToKeep` files with the highest numbers, the active one included. pino-roll does this when it
 * rotates, but not when it opens: after a crash in between, or a lower `log_files_to_keep`, there are too many.
 * Throws when the directory cannot be read or a file cannot be removed.
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
