import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** The first of these programs that is on PATH, or in one more folder. */
export function findProgram(names: readonly string[], folder: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), folder];
  return names.flatMap((name) => folders.map((one) => join(one, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
