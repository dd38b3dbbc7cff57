/** A beat of the heartbeat: what the row of `FLEET_HEARTBEAT` shows. */
export interface Beat {
  /** The server that has counted: a relay that follows another one shows beats of that. */
  readonly serverId: number;
  readonly count: number;
}

/** What the heartbeat says about the stream of a relay. */
export type Freshness =
  | { readonly is: 'unknown' }
  | { readonly is: 'fresh' }
  /** The relay has not shown for `forMs` what the primary had. */
  | { readonly is: 'behind'; readonly forMs: number }
  /** The primary itself has not counted for `forMs`: that says nothing of the relay. */
  | { readonly is: 'still'; readonly forMs: number };

/** Whether `shown` is as new as `beat`. Beats of two servers cannot be compared. */
export function isAsNew(shown: Beat, beat: Beat): boolean {
  return shown.serverId === beat.serverId && shown.count >= beat.count;
}

/**
 * Whether a relay is as new as the primary (R38). What the primary answers is noted with the time of the question, and the
 * relay must show it within a limit: neither the clock of a server nor that of the host counts. Times are those of a clock
 * that never jumps, in ms.
 */
export class RelayFreshness {
  /** The last beat that the relay has shown. */
  #shown: Beat | undefined;
  /** When the relay last showed a beat, or had all that the primary had when it was asked. */
  #movedAt: number | undefined;
  /** What the primary had when it was asked, and the relay has not shown yet; the oldest first. */
  #awaited: { readonly beat: Beat; readonly askedAt: number }[] = [];
  #primary: { readonly beat: Beat; readonly since: number } | undefined;
  #lagMs = 0;
  #wasFresh = false;

  constructor(private readonly limitMs: number) {}

  /** How far the relay was behind when that was measured last, or has been behind since, in ms. */
  lagMs(now: number): number {
    const [oldest] = this.#awaited;
    return Math.max(this.#lagMs, oldest ? now - oldest.askedAt : 0);
  }

  /** When the relay will be behind if it shows nothing until then; undefined if the primary has nothing newer. */
  get dueAt(): number | undefined {
    const [oldest] = this.#awaited;
    return oldest && Math.min(oldest.askedAt, this.#movedAt ?? oldest.askedAt) + this.limitMs;
  }

  /** A beat came through the stream of the relay. */
  show(beat: Beat, now: number): Freshness {
    this.#shown = beat;
    // It follows another server than the primary.
    if (this.#primary && beat.serverId !== this.#primary.beat.serverId) return this.judge(now);
    this.#movedAt = now;
    const reached = this.#awaited.filter((awaited) => isAsNew(beat, awaited.beat));
    this.#awaited = this.#awaited.slice(reached.length);
    const last = reached.at(-1);
    if (last) {
      this.#lagMs = now - last.askedAt;
      this.#wasFresh = true;
    }
    return this.judge(now);
  }

  /** The primary was asked at `askedAt` and had this beat. */
  hear(beat: Beat, askedAt: number): Freshness {
    // The table was made anew, or another server counts in it.
    if (this.#primary && !isAsNew(beat, this.#primary.beat)) this.forgetPrimary();
    if (beat.count !== this.#primary?.beat.count) this.#primary = { beat, since: askedAt };
    if (this.#shown !== undefined && isAsNew(this.#shown, beat)) {
      this.#movedAt = Math.max(this.#movedAt ?? askedAt, askedAt);
      this.#lagMs = 0;
      this.#wasFresh = true;
    } else this.#awaited.push({ beat, askedAt });
    const stillMs = askedAt - this.#primary.since;
    return stillMs >= this.limitMs ? { is: 'still', forMs: stillMs } : this.judge(askedAt);
  }

  /** A primary that stands still is judged when it is asked. */
  judge(now: number): Freshness {
    const { dueAt } = this;
    const isCounting = this.#primary !== undefined && now - this.#primary.since < this.limitMs;
    if (isCounting && dueAt !== undefined && now >= dueAt)
      return { is: 'behind', forMs: now - dueAt + this.limitMs };
    return this.#wasFresh ? { is: 'fresh' } : { is: 'unknown' };
  }

  /** The primary does not answer, or is another one now: what it had and has says nothing of the time between. */
  forgetPrimary(): void {
    this.#primary = undefined;
    this.#awaited = [];
    this.#shown = undefined;
    this.#movedAt = undefined;
  }
}
