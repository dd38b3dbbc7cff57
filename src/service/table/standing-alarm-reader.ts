import { type Observable, tap } from 'rxjs';
import type { StandingAlarm } from '../../domain/alarm/table-rows.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import type { StateKeeper } from '../../state/state-store.js';
import type { Unsettled } from '../../state/unconfirmed-clears.js';
import type { TableLog } from '../../telemetry/messages/table-log.js';
import type { DataSource } from './data-source.js';
import type { ProcessNames } from './process-names.js';
import type { TableWatch } from './table-state.js';

export interface StandingReaderOptions {
  readonly tableLog: TableLog;
  /** Asked for each time: a reload may change it. */
  readonly source: () => DataSource;
  readonly tableWatch: TableWatch;
  readonly names: ProcessNames;
  readonly keeper: StateKeeper;
  readonly unsettled: Unsettled;
  /** A reading has ended, well or not. */
  readonly onEnd: () => void;
}

/** Reads the standing alarms, lets everybody learn from them, and tells of times in which they cannot be read. */
export class StandingReader {
  constructor(private readonly options: StandingReaderOptions) {}

  /** One SELECT. */
  read(): Observable<readonly StandingAlarm[]> {
    const { source, tableWatch, onEnd } = this.options;
    return tableWatch
      .watch(fromAbortable(() => source().table.readStanding()))
      .pipe(tap({ next: (rows) => this.#take(rows), finalize: onEnd }));
  }

  /** Something in the table could not be read; it is tried again. */
  fail(error: unknown): void {
    this.options.tableLog.failed(error);
  }

  #take(rows: readonly StandingAlarm[]): void {
    const { names, keeper, unsettled, tableLog } = this.options;
    tableLog.succeeded();
    for (const { processId, processName } of rows) names.learn(processId, processName);
    const standing = new Set(rows.map(({ processId }) => processId));
    keeper.keepOnly(standing, Date.now());
    unsettled.takeStanding(standing);
  }
}
