import { readFile } from 'node:fs/promises';
import { EMPTY_STATE, parseState, type SavedState } from './saved-state.js';

/**
 * Reads the state file of a service that may be running, and leaves it as it is, also where it cannot be understood.
 * A missing one is a fresh start. Throws what reading and parsing throw.
 */
export async function peekStateFile(file: string): Promise<SavedState> {
  try {
    return parseState(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY_STATE;
    throw error;
  }
}
