/** A pause that a flush can end. */
export class PauseBetweenWrites {
  #end: () => void = () => {};

  /** Resolves after `ms`, or at `end`. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause that runs now, if one does. */
  end(): void {
    this.#end();
  }
}
