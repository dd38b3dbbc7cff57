import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError } from '../domain/errors.js';
import { EMPTY_STATE, formatState, parseState, type SavedState } from './saved-state.js';

/**
 * Reads the state file. A missing file is an empty state. A file that cannot be parsed (cut off, foreign, of a later
 * version) is renamed to `FILE.bad` and reported. Never throws.
 */
export async function loadStateFile(file: string, onProblem: (problem: string) => void): Promise<SavedState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error))
      onProblem(
        `cannot read the state file: ${describeError(error)}; all breakers start closed and there are no pauses`,
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
    const where = isKept ? ` (kept as ${aside})` : '';
    onProblem(
      `the state file ${file} is damaged or of another version${where}; all breakers start closed and there are no pauses`,
    );
    return EMPTY_STATE;
  }
}

/**
 * Writes the state so that a crash at any moment leaves either the old file or the new one: writes a temporary file,
 * syncs it, renames it.
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
  // The rename is on the disk only after the directory is synced.
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
