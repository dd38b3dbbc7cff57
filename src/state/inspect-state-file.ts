import { readFile, stat } from 'node:fs/promises';
import { describeError } from '../domain/errors.js';
import { EMPTY_STATE, parseState, type SavedState } from './saved-state.js';

interface StateInspection {
  readonly state: SavedState;
  /** When it was written, ms since the epoch. */
  readonly writtenAt?: number;
  /** Why it cannot be read. */
  readonly problem?: string;
  /** There is no file: no service has run here, or none that had anything to save. */
  readonly isMissing?: true;
}

/** Reads the state file without changing it, even if the service is running. Never rejects. */
export async function inspectStateFile(file: string): Promise<StateInspection> {
  try {
    const text = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    try {
      return { state: parseState(text).state, writtenAt: Math.round(mtimeMs) };
    } catch {
      return { state: EMPTY_STATE, problem: `${file} is damaged or of another version` };
    }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { state: EMPTY_STATE, problem: describeError(error), ...(isMissing ? { isMissing } : {}) };
  }
}
