/** One direction of a slow network link, shared by all its connections. */
export class Link {
  #bytesPerSecond: number | undefined;
  /** When the last byte let in so far is through, on the clock of `performance.now()`, ms. */
  #freeAt = 0;
  readonly #waiting = new Set<() => void>();

  /** Resolves when so many bytes are through. */
  async pass(bytes: number): Promise<void> {
    if (this.#bytesPerSecond === undefined) return;
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#bytesPerSecond) * 1000;
    const waitMs = this.#freeAt - now;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#waiting.add(done);
    });
  }

  /** Undefined: as fast as the machine; what is on its way arrives at once. */
  setSpeed(bytesPerSecond: number | undefined): void {
    this.#bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond !== undefined) return;
    this.#freeAt = 0;
    for (const done of [...this.#waiting]) done();
  }
}
