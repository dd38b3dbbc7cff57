import { describeError } from '../domain/errors.js';
import { openOwnFileToRead } from '../lib/files/open-own-file-to-read.js';
import { hasCode } from '../lib/has-code.js';
import { withTimeout } from '../lib/with-timeout.js';
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

/** Deadline, in ms: a person waits, and the file may be on a mount that gives no answer (R33). */
const LIMIT_MS = 1000;

/** Reads the state file without changing it, even if the service is running. Never rejects. */
export async function inspectStateFile(file: string): Promise<StateInspection> {
  try {
    const { text, writtenAt } = await withTimeout(LIMIT_MS, readState(file));
    try {
      return { state: parseState(text).state, writtenAt };
    } catch {
      return { state: EMPTY_STATE, problem: `${file} is damaged or of another version` };
    }
  } catch (error) {
    const isMissing = hasCode(error, 'ENOENT');
    return { state: EMPTY_STATE, problem: describeError(error), ...(isMissing ? { isMissing } : {}) };
  }
}

async function readState(file: string): Promise<{ readonly text: string; readonly writtenAt: number }> {
  const handle = await openOwnFileToRead(file);
  try {
    const { mtimeMs } = await handle.stat();
    return { text: await handle.readFile('utf8'), writtenAt: Math.round(mtimeMs) };
  } finally {
    await handle.close();
  }
}
