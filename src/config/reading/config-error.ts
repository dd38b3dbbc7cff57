import { MonitorError } from '../../domain/errors.js';

/** One thing that is wrong in the configuration file. Holds no secret (R24). */
export interface ConfigIssue {
  /** Counted from 1; a fault of the whole file has line 1. */
  readonly line: number;
  /** `section.key`, `section`, or `file`. */
  readonly key: string;
  /** What is wrong, then what is allowed. */
  readonly problem: string;
  /** Its section cannot be used, and the rest of the file can be. */
  readonly costsSection?: true;
}

/** The service cannot start with this file. Holds all its faults, in the order of lines (R23). */
export class ConfigError extends MonitorError {
  readonly retryable = false;
  readonly faults: readonly ConfigIssue[];

  /** @param file absolute path of the configuration file */
  constructor(
    readonly file: string,
    faults: readonly ConfigIssue[],
  ) {
    const sorted = faults.toSorted((a, b) => a.line - b.line);
    super(sorted.map((fault) => `${file}:${fault.line}: ${fault.key}: ${fault.problem}`).join('\n'));
    this.faults = sorted;
  }
}

const SHOWN_LENGTH = 60;

/** Text from the file as a fault may show it: on one line, in quotes, shortened. Never for secrets. */
export function quoteValue(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}
