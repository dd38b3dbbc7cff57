/** The bus daemon allows a connection 512 rules, and a unit that is waited on needs two or three. */
const MAX_NARROW_RULES = 300;

/**
 * Which signals the bus passes on to us. A rule is narrow, for one unit, so that nothing wakes us up for another one;
 * where very many are waited on at once, the next ones share one that is wide. Rules are counted: the same one twice is
 * asked for once.
 */
export class MatchRules {
  readonly #counts = new Map<string, number>();

  /** `apply` tells the bus. It carries calls of one connection out in their order: nobody waits for an answer. */
  constructor(private readonly apply: (method: 'AddMatch' | 'RemoveMatch', rule: string) => void) {}

  /** Answers with a function that takes the rule back. */
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
