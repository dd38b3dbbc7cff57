import type { Log } from '../log/log.js';
import { maskCommand } from '../log/mask-command.js';

interface EndedCommand {
  /** The system name, or `service` for a notification. */
  readonly process: string;
  readonly step: string;
  readonly text: string;
  /** E.g. `exit code 0`. */
  readonly outcome: string;
  readonly durationMs: number;
  /** The end of its output. */
  readonly output: string;
}

const OUTPUT_LENGTH = 500;

/**
 * Logs every command of the configuration at level DEBUG: which one, how it ended, how long it took, and the end of
 * its output.
 */
export function logCommand(
  log: Log,
  { process, step, text, outcome, durationMs, output }: EndedCommand,
): void {
  const said = output.trim().slice(-OUTPUT_LENGTH);
  log.debug(process, `${step} command: ${outcome} after ${durationMs} ms: ${maskCommand(text)}`, {
    ...(said !== '' && { output: said }),
  });
}
