import { ConfigError } from '../../config/reading/config-error.js';
import { DatabaseError } from '../../db/connection/database-error.js';
import { MonitorError } from '../../domain/errors.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import { ForeignFileError } from '../../lib/files/resolve-own-path.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import { EXIT_CONFIG, EXIT_FAILURE, EXIT_NO_PERMISSION, EXIT_UNAVAILABLE } from './exit-codes.js';
import { mayRead, SUDO } from './may-read.js';
import { writeOut } from './output.js';

/**
 * Runs the work of a command. Reports failures, as text on stderr or as JSON on stdout, and resolves to the exit
 * code. Rethrows errors that are defects of ours.
 */
export async function runAndReport(json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    const { exitCode, message, remedy } = failure;
    if (json) await writeOut(`${toPrintableJson({ error: message, ...(remedy && { remedy }) })}\n`);
    else await writeOut(`${formatFailure(message, remedy)}\n`, process.stderr);
    return exitCode;
  }
}

/**
 * Formats a failure and its remedy for a terminal. Control characters are made visible, because the texts may come
 * from the database.
 */
export function formatFailure(message: string, remedy: string | undefined): string {
  const lines = message.split('\n').map(escapeControlCharacters);
  return [...lines, ...(remedy === undefined ? [] : [`→ ${escapeControlCharacters(remedy)}`])].join('\n');
}

interface Failure {
  readonly exitCode: number;
  readonly message: string;
  readonly remedy?: string | undefined;
}

function toFailure(error: unknown): Failure | undefined {
  if (error instanceof ConfigError) {
    return !mayRead(error.file)
      ? { exitCode: EXIT_NO_PERMISSION, message: `this user may not read ${error.file}`, remedy: SUDO }
      : { exitCode: EXIT_CONFIG, message: error.message };
  }
  if (error instanceof MonitorError) {
    const { message, remedy } = error;
    return { exitCode: error instanceof DatabaseError ? EXIT_UNAVAILABLE : EXIT_FAILURE, message, remedy };
  }
  if (error instanceof ForeignFileError) return { exitCode: EXIT_FAILURE, message: error.message };
  if (isErrno(error)) {
    const { message, code } = error;
    const isRefused = code === 'EACCES' || code === 'EPERM';
    return isRefused
      ? { exitCode: EXIT_NO_PERMISSION, message, remedy: SUDO }
      : { exitCode: EXIT_FAILURE, message };
  }
  return undefined;
}

/** Whether it is an error of the operating system. */
function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
