/** Who changes the table passes here; who must have it for himself holds all of them back. */
export class Traffic {
  #passing = 0;
  #held: Promise<void> | undefined;
  #onQuiet: (() => void) | undefined;

  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.#held) await this.#held;
    this.#passing += 1;
    try {
      return await work();
    } finally {
      this.#passing -= 1;
      if (this.#passing === 0) this.#onQuiet?.();
    }
  }

  /** Waits until nobody passes any more, and lets nobody pass until the work is done. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    while (this.#held) await this.#held;
    let letGo: () => void = () => {};
    this.#held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    try {
      if (this.#passing > 0) {
        await new Promise<void>((resolve) => {
          this.#onQuiet = resolve;
        });
      }
      return await work();
    } finally {
      this.#onQuiet = undefined;
      this.#held = undefined;
      letGo();
    }
  }
}
