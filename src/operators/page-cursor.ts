import type { PageKey } from '../domain/alarm/standing-page.js';

/**
 * The position of a reading that goes through the table in pages. After the end of the table it begins again, until it
 * reaches the position that it had at the last demand.
 */
export class PageCursor {
  #round = 0;
  #after: PageKey | undefined;
  #goal: { readonly round: number; readonly after: PageKey | undefined } | undefined;

  /** The next page begins behind this key; undefined: at the beginning of the table. */
  get after(): PageKey | undefined {
    return this.#after;
  }

  /** Nothing is left to read. */
  get isDone(): boolean {
    return this.#goal === undefined;
  }

  /** Every row must be read once, from now on. */
  demand(): void {
    this.#goal = { round: this.#round + 1, after: this.#after };
  }

  /** A page was read up to this key; undefined: to the end of the table. */
  advance(upTo: PageKey | undefined): void {
    if (upTo === undefined) this.#round += 1;
    this.#after = upTo;
    if (!this.#isPastGoal()) return;
    this.#goal = undefined;
    this.#after = undefined;
  }

  /** The page could not be read. The next demand goes on from the same position. */
  giveUp(): void {
    this.#goal = undefined;
  }

  #isPastGoal(): boolean {
    if (!this.#goal) return false;
    const { round, after } = this.#goal;
    return this.#round > round || (this.#round === round && positionOf(this.#after) >= positionOf(after));
  }
}

function positionOf(after: PageKey | undefined): number {
  return after === undefined ? Number.NEGATIVE_INFINITY : Number(after);
}
