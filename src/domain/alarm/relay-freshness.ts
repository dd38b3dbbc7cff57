/** What the heartbeat says about the stream of a relay. Beats are numbers that the primary counts up. */
export type Freshness =
  | { readonly is: 'unknown' }
  | { readonly is: 'fresh' }
  /** The relay has not shown for `forMs` what the primary had. */
  | { readonly is: 'behind'; readonly forMs: number }
  /** The primary itself has not counted for `forMs`: that says nothing of the relay. */
  | { readonly is: 'still'; readonly forMs: number };

/**
 * Whether a relay is as new as the primary (R38). What the primary answers is noted with the time of the question, and the
 * relay must show it within a limit: neither the clock of a server nor that of the host counts. Times are those of a clock
 * that never jumps, in ms.
 */
export class RelayFreshness {
  /** The last beat that the relay has shown. */
  #shown: number | undefined;
  /** What the primary had when it was asked, and the relay has not shown yet; the oldest first. */
  #awaited: { readonly beat: number; readonly askedAt: number }[] = [];
  #primary: { readonly beat: number; readonly since: number } | undefined;
  #lagMs = 0;
  #wasFresh = false;

  constructor(private readonly limitMs: number) {}

  /** The last beat of the relay; undefined before the first one. */
  get shown(): number | undefined {
    return this.#shown;
  }

  /** How far the relay was behind when that was measured last, or has been behind since, in ms. */
  lagMs(now: number): number {
    const [oldest] = this.#awaited;
    return Math.max(this.#lagMs, oldest ? now - oldest.askedAt : 0);
  }

  /** A beat came through the stream of the relay. */
  show(beat: number, now: number): Freshness {
    this.#shown = beat;
    const reached = this.#awaited.filter((awaited) => awaited.beat <= beat);
    this.#awaited = this.#awaited.slice(reached.length);
    const last = reached.at(-1);
    if (last) {
      this.#lagMs = now - last.askedAt;
      this.#wasFresh = true;
    }
    return this.#wasFresh ? { is: 'fresh' } : { is: 'unknown' };
  }

  /** The primary was asked at `askedAt` and had this beat. */
  hear(beat: number, askedAt: number): Freshness {
    // The table was made anew.
    if (this.#primary && beat < this.#primary.beat) this.forgetPrimary();
    if (beat !== this.#primary?.beat) this.#primary = { beat, since: askedAt };
    if (this.#shown !== undefined && this.#shown >= beat) {
      this.#lagMs = 0;
      this.#wasFresh = true;
    } else this.#awaited.push({ beat, askedAt });
    const stillMs = askedAt - this.#primary.since;
    if (stillMs >= this.limitMs) return { is: 'still', forMs: stillMs };
    const behindMs = askedAt - (this.#awaited[0]?.askedAt ?? askedAt);
    if (behindMs >= this.limitMs) return { is: 'behind', forMs: behindMs };
    return this.#wasFresh ? { is: 'fresh' } : { is: 'unknown' };
  }

  /** The primary does not answer, or is another one now: what it had and has says nothing of the time between. */
  forgetPrimary(): void {
    this.#primary = undefined;
    this.#awaited = [];
    this.#shown = undefined;
  }
}
