import type { PageKey } from '../domain/alarm/standing-page.js';

/**
 * Where the reading of a table in pages stands. It goes round: after the end of the table it begins again, until it has
 * come to where it was when somebody last demanded a reading.
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

  /** The page could not be read. The next demand goes on from the same place. */
  giveUp(): void {
    this.#goal = undefined;
  }

  #isPastGoal(): boolean {
    if (!this.#goal) return false;
    const { round, after } = this.#goal;
    return this.#round > round || (this.#round === round && place(this.#after) >= place(after));
  }
}

function place(after: PageKey | undefined): number {
  return after === undefined ? Number.NEGATIVE_INFINITY : Number(after);
}
