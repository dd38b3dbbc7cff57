import { type Observable, Subject } from 'rxjs';

interface CapacityLimits {
  /** How many alarms one page may have. */
  readonly page: number;
  /** Alarms that readings find get cycles up to this number of cycles. */
  readonly fromTable: number;
  /** Row changes get cycles up to this higher number, so that readings never keep them out. */
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
