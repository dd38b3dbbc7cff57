/** Allows bursts of `capacity`, and on average `perSecond` in a second. */
export class TokenBucket {
  #tokens: number;
  #at = 0;

  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
  ) {
    this.#tokens = capacity;
  }

  /** Takes a token, if there is one at `now`, in ms. A clock that was set back gives as many as one that went on. */
  take(now: number): boolean {
    const added = (Math.abs(now - this.#at) / 1000) * this.perSecond;
    this.#at = now;
    this.#tokens = Math.min(this.capacity, this.#tokens + added);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
