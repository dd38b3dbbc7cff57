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
  /** The end of what it wrote; where it has a unit of its own, only of one that failed. */
  readonly output: string;
}

const OUTPUT_LENGTH = 500;

/** At DEBUG, every command of the configuration: which, how it ended, after how long, and the end of what it wrote. */
export function logCommand(
  log: Log,
  { process, step, text, outcome, durationMs, output }: EndedCommand,
): void {
  const said = output.trim().slice(-OUTPUT_LENGTH);
  log.debug(process, `${step} command: ${outcome} after ${durationMs} ms: ${maskCommand(text)}`, {
    ...(said !== '' && { output: said }),
  });
}
