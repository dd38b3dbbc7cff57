/** More processes than can settle while one page is read. */
const MAX_KEPT = 5000;

/**
 * For each process the sequence number at which its cycle ended or its alarm was lowered: an older reading is out of
 * date. Bounded: for a process that is no longer kept, every reading older than the last forgotten number is out of date.
 */
export class SettledProcesses {
  readonly #settledAt = new Map<number, number>();
  #forgottenUpTo = 0;

  add(processId: number, seq: number): void {
    // The latest comes last, because the oldest is forgotten first.
    this.#settledAt.delete(processId);
    this.#settledAt.set(processId, seq);
    if (this.#settledAt.size <= MAX_KEPT) return;
    const [oldest] = this.#settledAt;
    if (!oldest) return;
    this.#settledAt.delete(oldest[0]);
    this.#forgottenUpTo = oldest[1];
  }

  /** Whether a reading that began at `readSeq` may show this process as it was before. */
  isStale(processId: number, readSeq: number): boolean {
    return readSeq < (this.#settledAt.get(processId) ?? this.#forgottenUpTo);
  }
}
