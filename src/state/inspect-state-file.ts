import { readFile, stat } from 'node:fs/promises';
import { describeError } from '../domain/errors.js';
import { EMPTY_STATE, parseState, type SavedState } from './saved-state.js';

interface StateInspection {
  readonly state: SavedState;
  /** When it was written, ms since the epoch. */
  readonly writtenAt?: number;
  /** Why it tells nothing. */
  readonly problem?: string;
  /** There is none: no service has run here, or none that had anything to remember. */
  readonly isMissing?: true;
}

/** Looks into the state file, also of a service that runs, and leaves it as it is. Never rejects. */
export async function inspectStateFile(file: string): Promise<StateInspection> {
  try {
    const text = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    try {
      return { state: parseState(text), writtenAt: Math.round(mtimeMs) };
    } catch {
      return { state: EMPTY_STATE, problem: `${file} is not one of this version` };
    }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { state: EMPTY_STATE, problem: describeError(error), ...(isMissing ? { isMissing } : {}) };
  }
}
