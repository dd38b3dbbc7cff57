/** What an event of one name is worth in the log. */
type Worth =
  /** This name was not logged for this reason yet. */
  | { readonly kind: 'new' }
  | { readonly kind: 'told-before' }
  /** There are too many names; `count` since the last line about them, `undefined` if it is too early for the next one. */
  | { readonly kind: 'too-many'; readonly count: number | undefined };

const MAX_NAMES = 1000;
const FORGET_AFTER_MS = 24 * 3_600_000;
const COUNT_EVERY_MS = 60_000;

/**
 * Remembers what was logged about which name: an alarm that is not handled is found again at every check, and anybody may
 * add rows. Memory and lines are bounded: beyond 1000 names the rest is counted. After a day everything is logged again.
 */
export class OncePerName {
  readonly #told = new Set<string>();
  #since = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `at`: ms since the epoch. */
  judge(name: string, reason: string, at: number): Worth {
    if (at - this.#since >= FORGET_AFTER_MS) {
      this.#told.clear();
      this.#since = at;
    }
    const key = `${name}\n${reason}`;
    if (this.#told.has(key)) return { kind: 'told-before' };
    if (this.#told.size < MAX_NAMES) {
      this.#told.add(key);
      return { kind: 'new' };
    }
    this.#count += 1;
    if (at - this.#countedAt < COUNT_EVERY_MS) return { kind: 'too-many', count: undefined };
    const count = this.#count;
    this.#count = 0;
    this.#countedAt = at;
    return { kind: 'too-many', count };
  }
}
