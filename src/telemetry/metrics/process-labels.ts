import { escapeControlCharacters } from '../log/escape-control-characters.js';

/** Rows come and go, and anybody may make up new ones; each name is a handful of time series for good. */
const MOST_NAMES = 1000;
const LONGEST_NAME = 100;
/** No process_name that is restarted begins with a bracket (R14). */
const OTHERS = '(other)';

/**
 * The values of the label `process`. They are never dropped while the service runs, for a counter that vanishes and
 * comes again looks like work that was not done; instead their number is bounded, and who comes too late is `(other)`.
 */
export class ProcessLabels {
  readonly #names = new Set<string>();

  labelOf(processName: string): string {
    const name = escapeControlCharacters(processName).slice(0, LONGEST_NAME);
    if (this.#names.has(name)) return name;
    if (this.#names.size >= MOST_NAMES) return OTHERS;
    this.#names.add(name);
    return name;
  }
}
