import { rename } from 'node:fs/promises';
import { describeError } from '../domain/errors.js';
import { readOwnFile } from '../lib/files/own-file.js';
import { writeFileAtomically } from '../lib/files/write-file-atomically.js';
import { hasCode } from '../lib/has-code.js';
import { EMPTY_STATE, formatState, parseState, type SavedState } from './saved-state.js';

const MAX_NAMED = 5;
const MAX_NAME_LENGTH = 60;

/**
 * Reads the state file. A missing file is an empty state. A file that cannot be parsed (cut off, foreign, of a later
 * version) is renamed to `FILE.bad` and reported; an entry that cannot be read is left out and reported. Never throws.
 */
export async function loadStateFile(file: string, onProblem: (problem: string) => void): Promise<SavedState> {
  let text: string;
  try {
    text = await readOwnFile(file);
  } catch (error) {
    if (!isMissing(error))
      onProblem(
        `cannot read the state file: ${describeError(error)}; all breakers start closed and there are no pauses`,
      );
    return EMPTY_STATE;
  }
  try {
    const { state, unreadable } = parseState(text);
    if (unreadable.length > 0) onProblem(describeUnreadable(file, unreadable));
    return state;
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

/** Writes the state file atomically: a crash at any moment leaves the old file or the new one (R11). */
export function writeStateFile(file: string, state: SavedState): Promise<void> {
  return writeFileAtomically(file, formatState(state), { mode: 0o600, isFolderOurs: true });
}

function describeUnreadable(file: string, entries: readonly string[]): string {
  const more = entries.length - MAX_NAMED;
  const named = entries
    .slice(0, MAX_NAMED)
    .map((entry) => entry.slice(0, MAX_NAME_LENGTH))
    .join(', ');
  return `the state file ${file} has entries that cannot be read, they are left out: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}
