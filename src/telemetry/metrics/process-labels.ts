import { escapeControlCharacters } from '../../lib/escape-control-characters.js';

/** Anybody may add rows, and each name adds several time series that stay. */
const MAX_NAMES = 1000;
const MAX_NAME_LENGTH = 100;
/** No process_name that is restarted begins with a bracket (R14). */
const OTHERS = '(other)';

/**
 * The values of the label `process`. They are never dropped while the service runs: a counter that vanishes and comes
 * back would look like new work. Instead their number is bounded, and every further name becomes `(other)`.
 */
export class ProcessLabels {
  readonly #names = new Set<string>();

  labelOf(processName: string): string {
    const name = escapeControlCharacters(processName).slice(0, MAX_NAME_LENGTH);
    if (this.#names.has(name)) return name;
    if (this.#names.size >= MAX_NAMES) return OTHERS;
    this.#names.add(name);
    return name;
  }
}
