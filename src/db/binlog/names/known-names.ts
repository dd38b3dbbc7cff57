import { NAME_VISIBLE_AFTER_MS } from '../../../domain/alarm/row-visibility.js';

/** One change of a row of PROCESE: its name from now on; undefined if the database must be asked for it. */
export interface NameChange {
  readonly processId: number;
  readonly name: string | undefined;
}

/** A reading of PROCESE that has begun. */
export interface NameReading {
  /** The changes that the binlog showed since it began, or so shortly before that the reading may not see them. */
  readonly changes: Map<number, string | undefined>;
}

/** Bounds the memory: the database is asked for the names of further processes. */
export const MAX_NAMES = 100_000;
/** For this long after a commit reached us a SELECT may not see it (R3), so a reading of all names does not count, ms. */
const VISIBLE_AFTER_MS = 2000;

/**
 * The names of processes at the present position in the binlog (R36): read once, and kept up to date by the row changes of
 * PROCESE. A change that could make them wrong makes us forget all of them. Times are those of a clock that never jumps,
 * in ms.
 */
export class KnownNames {
  #names = new Map<number, string>();
  #reading: NameReading | undefined;
  #forgottenAt: number;
  /** The last change of each process, oldest first. */
  readonly #recent = new Map<number, { readonly name: string | undefined; readonly at: number }>();

  /** Begins with a new stream: what was committed before it may not be visible yet. */
  constructor(now: number) {
    this.#forgottenAt = now;
  }

  get(processId: number): string | undefined {
    return this.#names.get(processId);
  }

  /** For so long a look-up may still find an older name of this process, or an older host of its row, ms (R3). */
  doubtedForMs(processId: number, now: number): number {
    const changedAt = Math.max(this.#recent.get(processId)?.at ?? this.#forgottenAt, this.#forgottenAt);
    return Math.max(0, NAME_VISIBLE_AFTER_MS - (now - changedAt));
  }

  get size(): number {
    return this.#names.size;
  }

  /** The binlog shows a change of PROCESE. */
  onChange(change: NameChange, now: number): void {
    const { processId, name } = change;
    if (name === undefined || (this.#names.size >= MAX_NAMES && !this.#names.has(processId)))
      this.#names.delete(processId);
    else this.#names.set(processId, name);
    this.#reading?.changes.set(processId, name);
    this.#dropOld(now);
    this.#recent.delete(processId);
    this.#recent.set(processId, { name, at: now });
  }

  /** A hidden change may be one of PROCESE. A reading that has begun may not have seen it. */
  forgetAll(now: number): void {
    this.#names.clear();
    this.#reading = undefined;
    this.#recent.clear();
    this.#forgottenAt = now;
  }

  /** Undefined if a reading may not see yet the change that made us forget the names. */
  beginReading(now: number): NameReading | undefined {
    if (now - this.#forgottenAt < VISIBLE_AFTER_MS) return undefined;
    this.#dropOld(now);
    this.#reading = { changes: new Map([...this.#recent].map(([processId, { name }]) => [processId, name])) };
    return this.#reading;
  }

  /**
   * Takes over what was read, once the stream has reached a binlog position after the reading. Changes that the binlog
   * showed in the meantime win.
   */
  adopt(reading: NameReading, rows: Map<number, string>): void {
    if (reading !== this.#reading) return;
    this.#reading = undefined;
    for (const [processId, name] of reading.changes) {
      if (name === undefined) rows.delete(processId);
      else rows.set(processId, name);
    }
    this.#names = rows;
  }

  #dropOld(now: number): void {
    for (const [processId, { at }] of this.#recent) {
      if (now - at < VISIBLE_AFTER_MS) return;
      this.#recent.delete(processId);
    }
  }
}
