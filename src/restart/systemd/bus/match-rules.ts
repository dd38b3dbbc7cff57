/** The bus allows a connection 512 rules. A unit that is waited for needs two or three. */
const MAX_NARROW_RULES = 300;

/**
 * Selects the signals that the bus sends us. A narrow rule matches one unit, so that signals of other units do not
 * wake us up. If very many units are waited for at once, the next ones share a wide rule. Rules are counted, so the
 * same rule is added to the bus only once.
 */
export class MatchRules {
  readonly #counts = new Map<string, number>();

  /**
   * `apply` sends the change to the bus, which handles the calls of one connection in order. So nobody waits for its
   * answer.
   */
  constructor(private readonly apply: (method: 'AddMatch' | 'RemoveMatch', rule: string) => void) {}

  /** Adds a rule. Returns a function that removes it. */
  add(narrow: string, wide: string = narrow): () => void {
    const rule = this.#counts.size < MAX_NARROW_RULES || this.#counts.has(narrow) ? narrow : wide;
    const count = this.#counts.get(rule) ?? 0;
    this.#counts.set(rule, count + 1);
    if (count === 0) this.apply('AddMatch', rule);
    return () => this.#release(rule);
  }

  #release(rule: string): void {
    const count = this.#counts.get(rule) ?? 0;
    if (count > 1) {
      this.#counts.set(rule, count - 1);
    } else if (this.#counts.delete(rule)) {
      this.apply('RemoveMatch', rule);
    }
  }
}
