import { accessSync, constants } from 'node:fs';
import { hasCode } from '../../lib/has-code.js';

/** Whether this user may read the file. A missing one counts as readable: it is a fault of another kind. */
export function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    return !hasCode(error, 'EACCES');
  }
}

/** What to do about a file that only root may read. */
export const SUDO = 'run the command with sudo';
