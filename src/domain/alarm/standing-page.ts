import type { StandingAlarm } from './table-rows.js';

/** A process_id as the driver returns it: text if a number cannot hold it exactly. */
export type PageKey = number | string;

interface PageRange {
  /** The page begins behind this process_id; undefined: with the first row. */
  readonly after: PageKey | undefined;
  /** The last process_id that the page covers; undefined: it covers the rest of the table. */
  readonly upTo: PageKey | undefined;
}

/** One page of the raised alarms, in the order of process_id. An alarm that it lacks is gone if its range covers it. */
export class StandingPage {
  readonly #ids: ReadonlySet<number>;

  constructor(
    readonly alarms: readonly StandingAlarm[],
    private readonly range: PageRange,
    /** Alarms behind the page whose processes go before some of its own (R35). */
    readonly before: readonly StandingAlarm[] = [],
  ) {
    this.#ids = new Set(alarms.map(({ processId }) => processId));
  }

  get upTo(): PageKey | undefined {
    return this.range.upTo;
  }

  /** Whether there is no other page. */
  get isWholeTable(): boolean {
    return this.range.after === undefined && this.range.upTo === undefined;
  }

  has(processId: number): boolean {
    return this.#ids.has(processId);
  }

  /** Whether the page shows that no alarm of this process is raised. */
  isGone(processId: number): boolean {
    const { after, upTo } = this.range;
    const isCovered =
      (after === undefined || processId > Number(after)) && (upTo === undefined || processId <= Number(upTo));
    return isCovered && !this.has(processId);
  }
}
