/** A pause that somebody can end, also before it begins: there is none while a write runs. */
export class PauseBetweenWrites {
  #end: (() => void) | undefined;
  #isEnded = false;

  /** The next write holds everything that happened until now: who ended the pause before it waits no longer. */
  writeBegins(): void {
    this.#isEnded = false;
  }

  /** Resolves after `ms`, or at `end`. */
  async wait(ms: number): Promise<void> {
    if (this.#isEnded) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#end = undefined;
  }

  /** Ends the pause that runs now, or the one that follows the write that runs now. */
  end(): void {
    this.#isEnded = true;
    this.#end?.();
  }
}
