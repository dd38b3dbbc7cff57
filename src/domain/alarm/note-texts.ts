/**
 * Every text that the service writes into `notes`, grouped by outcome. format-note.ts puts the outcome and the time
 * before it. The texts are shorter than the lines of the log, because the column often has 100 characters, and say what
 * matters most first. A `reason` is the text of a failed command, restart or health check.
 */
export const NOTE_TEXTS = {
  OK: {
    restarted: (strategy: string, attempt: number) => `restarted by ${strategy}, attempt ${attempt}`,
    healthy: () => 'healthy, no restart needed',
  },
  FAILED: {
    cycle: ({ step, attempts, reason }: FailedCycle) =>
      step === 'pre-restart' || attempts === 0
        ? reason
        : `${reason} (${step}, ${attempts} attempt${attempts === 1 ? '' : 's'})`,
    recheck: (reason: string) => `not healthy when checked again: ${reason}`,
  },
  REFUSED: {
    unknownProcess: (processId: number) => `PROCESE has no row for process_id ${processId}`,
    /** `fault`: what `checkSystemName` says about the name. */
    name: (fault: string) => `the name ${fault}`,
    nameOfHost: () => 'the name is one of the host itself and has no section',
    unusable: (key: string, line: number) => `quote ${key} in config.ini, line ${line}: it has a ; or #`,
    unlisted: (processName: string) => `there is no [process.${processName}], and only_listed is set`,
  },
  OPEN: {
    raisedAgain: () => 'circuit breaker open, not restarted',
    /** `opening`: why the breaker opened, as `describeOpening` says it. */
    flapping: (opening: string) => `${opening}, not restarted`,
  },
  PAUSED: {
    raisedAgain: () => 'raised again, the process is paused',
  },
} as const;

/** The first word of every note of ours. Tools may parse it. */
export type NotePrefix = keyof typeof NOTE_TEXTS;

/** Any of them, if the database accepted the write only at a later try. */
export function withTries(text: string, tries: number): string {
  return tries > 1 ? `${text}, written at try ${tries}` : text;
}

interface FailedCycle {
  readonly step: 'pre-restart' | 'restart' | 'verify';
  readonly attempts: number;
  readonly reason: string;
}
