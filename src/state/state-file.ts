import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError } from '../domain/errors.js';
import { EMPTY_STATE, formatState, parseState, type SavedState } from './saved-state.js';

/**
 * Reads the state file. A missing one is a fresh start; one that cannot be understood (cut off, foreign, of a later
 * version) is kept beside as `FILE.bad` and told of. Never throws.
 */
export async function loadStateFile(file: string, onProblem: (problem: string) => void): Promise<SavedState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error))
      onProblem(
        `the state file cannot be read: ${describeError(error)}; breakers start closed and nothing is paused`,
      );
    return EMPTY_STATE;
  }
  try {
    return parseState(text);
  } catch {
    const aside = `${file}.bad`;
    const isKept = await rename(file, aside).then(
      () => true,
      () => false,
    );
    const where = isKept ? `, it is kept as ${aside}` : '';
    onProblem(
      `the state file ${file} is not one of this version${where}; breakers start closed and nothing is paused`,
    );
    return EMPTY_STATE;
  }
}

/**
 * Writes the state so that a crash at any moment leaves either the old file or the new one: to a file beside it, to
 * the disk, then renamed.
 */
export async function writeStateFile(file: string, state: SavedState): Promise<void> {
  const directory = dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const beside = `${file}.new`;
  try {
    await writeToDisk(beside, formatState(state));
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
  // The rename itself is on the disk only when the directory is.
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeToDisk(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
