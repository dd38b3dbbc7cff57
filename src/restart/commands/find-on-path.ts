import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Where daemons are usually installed. The PATH of a service may lack these. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Finds the executable files of this name in the directories of PATH, then in the usual ones. */
export async function findOnPath(name: string, path: string | undefined): Promise<string[]> {
  // An empty part means the working directory. Nothing is ever started from there.
  const directories = `${path ?? ''}:${DEFAULT_PATH}`
    .split(':')
    .filter((directory) => directory.startsWith('/'));
  const files = [...new Set(directories.map((directory) => resolve(directory, name)))];
  const usable = await Promise.all(files.map(isExecutableFile));
  return files.filter((_, index) => usable[index]);
}

export async function isExecutableFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
