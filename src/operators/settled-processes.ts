/** More of them than can settle while one page is read. */
const MAX_KEPT = 5000;

/**
 * By process: the sequence number at which its cycle ended or its alarm was lowered, so that older readings are known to
 * be out of date. Bounded: for processes that are not kept any more, every reading older than the last of them is.
 */
export class SettledProcesses {
  readonly #settledAt = new Map<number, number>();
  #forgottenUpTo = 0;

  add(processId: number, seq: number): void {
    // The latest last: forgotten are the oldest.
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
