/**
 * A logical clock: numbers events in the order in which the service learns of them. Unlike a wall clock it never jumps,
 * and no two events have the same number.
 */
export class LogicalClock {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
