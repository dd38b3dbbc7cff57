/** What must be ended and removed, last opened first, however a bench ends. */
export class Closers {
  #steps: (() => unknown)[] = [];
  #closing: Promise<void> | undefined;

  /** `close` may be called on what has been closed already. */
  add(close: () => unknown): void {
    this.#steps.push(close);
  }

  /**
   * Does all steps, also after one that fails.
   *
   * @throws the first error.
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
