import { MonitorError } from '../../domain/errors.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import { toPrintableJson } from '../../lib/printable-json.js';

/** One thing that is wrong in the configuration file. Holds no secret (R24). */
export interface ConfigIssue {
  /** Counted from 1; a fault of the whole file has line 1. */
  readonly line: number;
  /** `section.key`, `section`, or `file`. */
  readonly key: string;
  /** What is wrong, then what is allowed. */
  readonly problem: string;
  /** Only its section cannot be used; the rest of the file can. */
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
    /** The control socket in this file, if it has one: a service that still runs with an earlier file may listen there. */
    readonly controlSocket?: string,
  ) {
    const sorted = faults.toSorted((a, b) => a.line - b.line);
    // Keys and paths are shown as they are written in a file that may not be ours.
    const lines = sorted.map(({ line, key, problem }) => `${file}:${line}: ${key}: ${problem}`);
    super(lines.map(escapeControlCharacters).join('\n'));
    this.faults = sorted;
  }
}

const SHOWN_LENGTH = 60;

/** Text from the file as a fault may show it: on one line, in quotes, shortened. Never for secrets. */
export function quoteValue(text: string): string {
  return toPrintableJson(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}
