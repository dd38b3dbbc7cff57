import type { CommandResult } from './run-command.js';

const LINE_LIMIT = 200;

/**
 * Describes a failed command in one line for log and notes: what happened and the last line of output, e.g. `exit
 * code 3: no such queue`.
 */
export function describeCommandFailure(result: CommandResult): string {
  const line = lastLine(result.output);
  return `${describeOutcome(result)}${line === '' ? '' : `: ${line}`}`;
}

/** The last line of output that is not empty, cut to the length of a log line. */
function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => line !== '') ?? '').slice(0, LINE_LIMIT);
}

/** `exit code 3`, without what it wrote. */
export function describeOutcome(result: CommandResult): string {
  switch (result.outcome) {
    case 'exited':
      return `exit code ${result.exitCode}`;
    case 'killed':
      return `ended by ${result.signal}`;
    case 'timed-out':
      return `no answer within ${result.timeoutMs / 1000} s, killed${survived(result.survivors)}`;
    case 'aborted':
      return `aborted, killed${survived(result.survivors)}`;
    case 'not-started':
      return `could not be started: ${result.error.message}`;
  }
}

function survived(pids: readonly number[]): string {
  return pids.length === 0 ? '' : ` (still there after SIGKILL: pid ${pids.join(', ')})`;
}
