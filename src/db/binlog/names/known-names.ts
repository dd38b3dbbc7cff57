/** One change of a row of PROCESE: its name from now on, undefined where it must be asked for. */
export interface NameChange {
  readonly processId: number;
  readonly name: string | undefined;
}

/** A reading of PROCESE that has begun. */
export interface NameReading {
  /** What the binlog told since it was begun, or so shortly before that the reading may not see it. */
  readonly told: Map<number, string | undefined>;
}

/** Bounds the memory: the names of further processes are asked for. */
export const MAX_NAMES = 100_000;
/** A commit can reach us before a SELECT sees it (R3): for so long a reading is not believed, ms. */
const VISIBLE_AFTER_MS = 2000;

/**
 * The names of processes as they are at the present place in the binlog (R36): read once, and kept up to date by the row
 * changes of PROCESE. Whatever could make them untrue forgets all of them. Times are those of a clock that never jumps,
 * in ms.
 */
export class KnownNames {
  #names = new Map<number, string>();
  #reading: NameReading | undefined;
  #forgottenAt: number;
  #recent: (NameChange & { readonly at: number })[] = [];

  /** Begins with a new stream: what was committed before it may not be visible yet. */
  constructor(now: number) {
    this.#forgottenAt = now;
  }

  get(processId: number): string | undefined {
    return this.#names.get(processId);
  }

  get size(): number {
    return this.#names.size;
  }

  /** The binlog shows a change of PROCESE. */
  take(change: NameChange, now: number): void {
    const { processId, name } = change;
    if (name === undefined || (this.#names.size >= MAX_NAMES && !this.#names.has(processId)))
      this.#names.delete(processId);
    else this.#names.set(processId, name);
    this.#reading?.told.set(processId, name);
    this.#dropOld(now);
    this.#recent.push({ ...change, at: now });
  }

  /** A change that may be one of PROCESE is hidden. A reading that has begun may not have seen it. */
  forgetAll(now: number): void {
    this.#names.clear();
    this.#reading = undefined;
    this.#recent = [];
    this.#forgottenAt = now;
  }

  /** Undefined where a reading would not see yet what made us forget the names. */
  beginReading(now: number): NameReading | undefined {
    if (now - this.#forgottenAt < VISIBLE_AFTER_MS) return undefined;
    this.#dropOld(now);
    this.#reading = { told: new Map(this.#recent.map(({ processId, name }) => [processId, name])) };
    return this.#reading;
  }

  /**
   * Takes over what was read, once the stream has come to a place in the binlog behind the reading. What the binlog told
   * meanwhile counts more.
   */
  adopt(reading: NameReading, rows: Map<number, string>): void {
    if (reading !== this.#reading) return;
    this.#reading = undefined;
    for (const [processId, name] of reading.told) {
      if (name === undefined) rows.delete(processId);
      else rows.set(processId, name);
    }
    this.#names = rows;
  }

  #dropOld(now: number): void {
    const first = this.#recent.findIndex(({ at }) => now - at < VISIBLE_AFTER_MS);
    this.#recent = first < 0 ? [] : first === 0 ? this.#recent : this.#recent.slice(first);
  }
}
