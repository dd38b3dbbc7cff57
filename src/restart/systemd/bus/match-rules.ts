/** The bus allows a connection 512 rules. */
const MAX_NARROW_RULES = 300;

interface Rule {
  count: number;
  /** The wide rule that it replaces. */
  readonly wide: string | undefined;
}

/**
 * Selects the signals that the bus sends us. A narrow rule matches one unit, so that signals of other units do not
 * wake us up. If more than `max` of a kind are wanted at once, the next ones share a wide rule while anybody needs it,
 * because each rule costs two calls. Rules are counted, so the same rule is added to the bus only once.
 */
export class MatchRules {
  readonly #rules = new Map<string, Rule>();
  /** How many narrow rules replace each wide rule. */
  readonly #narrow = new Map<string, number>();

  /**
   * `apply` sends the change to the bus, which handles the calls of one connection in order. So nobody waits for its
   * answer.
   */
  constructor(private readonly apply: (method: 'AddMatch' | 'RemoveMatch', rule: string) => void) {}

  /** Adds a rule. Returns a function that removes it. */
  add(narrow: string, wide: string = narrow, max: number = MAX_NARROW_RULES): () => void {
    const isShared = this.#rules.has(wide) || (this.#narrow.get(wide) ?? 0) >= max;
    return isShared && !this.#rules.has(narrow) ? this.#take(wide, undefined) : this.#take(narrow, wide);
  }

  #take(name: string, wide: string | undefined): () => void {
    const known = this.#rules.get(name);
    const rule = known ?? { count: 0, wide };
    rule.count += 1;
    if (!known) {
      this.#rules.set(name, rule);
      this.#countNarrow(wide, 1);
      this.apply('AddMatch', name);
    }
    return () => this.#release(name, rule);
  }

  #release(name: string, rule: Rule): void {
    rule.count -= 1;
    if (rule.count > 0) return;
    this.#rules.delete(name);
    this.#countNarrow(rule.wide, -1);
    this.apply('RemoveMatch', name);
  }

  #countNarrow(wide: string | undefined, by: number): void {
    if (wide === undefined) return;
    const count = (this.#narrow.get(wide) ?? 0) + by;
    if (count > 0) this.#narrow.set(wide, count);
    else this.#narrow.delete(wide);
  }
}
