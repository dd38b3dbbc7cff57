import { type Observable, Subject } from 'rxjs';

interface CapacityLimits {
  /** Most alarms of one page. */
  readonly page: number;
  /** So many cycles are begun for what readings find. */
  readonly fromTable: number;
  /** So many with those of row changes, which a reading must not keep out. */
  readonly total: number;
}

/**
 * How many cycles may exist, running and waiting. The table is the queue for all other alarms: what finds no room is
 * dropped here, and found again by a reading when there is room.
 */
export class CycleCapacity {
  #cycles = 0;
  readonly #freed = new Subject<void>();

  /** `limits` is called each time: a reload may change them. */
  constructor(private readonly limits: () => CapacityLimits) {}

  /** Whether all alarms of another page would get their cycles. */
  get hasRoomForPage(): boolean {
    const { page, fromTable } = this.limits();
    return this.#cycles + page <= fromTable;
  }

  get hasRoomForRaise(): boolean {
    return this.#cycles < this.limits().total;
  }

  /** A cycle has ended. */
  get freed(): Observable<void> {
    return this.#freed;
  }

  begin(): void {
    this.#cycles += 1;
  }

  end(): void {
    this.#cycles -= 1;
    this.#freed.next();
  }
}
