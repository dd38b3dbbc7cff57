import { ControlClientError, type ControlFailure } from '../../control/control-client.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import type { ServiceOptions } from './command-options.js';
import { EXIT_FAILURE, EXIT_NO_PERMISSION, EXIT_NOT_RUNNING, EXIT_USAGE } from './exit-codes.js';
import { findService } from './find-service.js';
import { exitOnClosedPipe, printJson, writeOut } from './output.js';

/** Runs `work` with the running service. Reports failures and resolves to the exit code. */
export async function callService(
  { config, json }: ServiceOptions,
  work: (socket: string) => Promise<number>,
  find?: { readonly tellsFaults: boolean },
): Promise<number> {
  try {
    exitOnClosedPipe();
    return await work((await findService(config, find)).socket);
  } catch (error) {
    return await reportFailure(error, json === true);
  }
}

/**
 * Reports a failure, as JSON on stdout or as text on stderr, and resolves to its exit code. `name`: the process that it
 * is about, if the command has several.
 */
export async function reportFailure(error: unknown, json: boolean, name?: string): Promise<number> {
  if (!(error instanceof ControlClientError)) throw error;
  const { message, remedy, failure } = error;
  if (json) {
    const about = name === undefined ? {} : { name };
    await printJson({ ...about, error: message, ...(remedy === undefined ? {} : { remedy }) });
  } else {
    const label = name === undefined ? '' : `${escapeControlCharacters(name)}: `;
    const text = [message, ...(remedy === undefined ? [] : [remedy])].map(escapeControlCharacters).join('; ');
    await writeOut(`${label}${text}\n`, process.stderr);
  }
  return EXIT_CODES[failure];
}

const EXIT_CODES: Readonly<Record<ControlFailure, number>> = {
  absent: EXIT_NOT_RUNNING,
  forbidden: EXIT_NO_PERMISSION,
  invalid: EXIT_USAGE,
  refused: EXIT_FAILURE,
  broken: EXIT_FAILURE,
};
