import { resolve } from 'node:path';
import { lookAtPaths } from '../processes/look-at-paths.js';

/** Where daemons are usually installed. The PATH of a service may lack these. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Further directories of PATH are ignored. */
const MAX_DIRECTORIES = 100;

/** Finds the executable files of this name in the directories of PATH, then in the usual ones. */
export async function findOnPath(name: string, path: string | undefined): Promise<string[]> {
  const files = filesOnPath(name, path);
  const facts = await lookAtPaths(files);
  return files.filter((file) => facts.executable(file) !== undefined);
}

/** The paths at which such files would be. */
export function filesOnPath(name: string, path: string | undefined): string[] {
  // An empty part means the working directory. Nothing is ever started from there.
  const absolute = (path ?? '').split(':').filter((directory) => directory.startsWith('/'));
  const directories = [...absolute.slice(0, MAX_DIRECTORIES), ...DEFAULT_PATH.split(':')];
  return [...new Set(directories.map((directory) => resolve(directory, name)))];
}
