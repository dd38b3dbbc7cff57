import { BoundedMap } from '../domain/bounded-map.js';

/** More processes than can settle while one page is read. */
const MAX_KEPT = 5000;

/**
 * For each process the sequence number at which its cycle ended or its alarm was lowered: an older reading is out of
 * date. Bounded: for a process that is no longer kept, every reading older than the last forgotten number is out of date.
 */
export class SettledProcesses {
  #forgottenUpTo = 0;
  readonly #settledAt = new BoundedMap<number, number>(MAX_KEPT, (_, seq) => {
    this.#forgottenUpTo = seq;
  });

  add(processId: number, seq: number): void {
    this.#settledAt.set(processId, seq);
  }

  /** Whether a reading that began at `readSeq` may show this process as it was before. */
  isStale(processId: number, readSeq: number): boolean {
    return readSeq < (this.#settledAt.get(processId) ?? this.#forgottenUpTo);
  }
}
