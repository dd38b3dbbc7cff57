import { type Observable, tap } from 'rxjs';
import type { StandingAlarm } from '../../domain/alarm/table-rows.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import type { StateStore } from '../../state/state-store.js';
import type { UnconfirmedClears } from '../../state/unconfirmed-clears.js';
import type { TableLog } from '../../telemetry/messages/table-log.js';
import type { DataSource } from './data-source.js';
import type { ProcessNames } from './process-names.js';
import type { TableState } from './table-state.js';

export interface StandingReaderOptions {
  readonly tableLog: TableLog;
  /** Asked for each time: a reload may change it. */
  readonly dataSource: () => DataSource;
  readonly tableState: TableState;
  readonly names: ProcessNames;
  readonly store: StateStore;
  readonly unconfirmed: UnconfirmedClears;
  /** A reading has ended, well or not. */
  readonly onEnd: () => void;
}

/** Reads the standing alarms, lets everybody learn from them, and tells of times in which they cannot be read. */
export class StandingAlarmReader {
  constructor(private readonly options: StandingReaderOptions) {}

  /** One SELECT. */
  read(): Observable<readonly StandingAlarm[]> {
    const { dataSource, tableState, onEnd } = this.options;
    return tableState
      .watch(fromAbortable(() => dataSource().table.readStanding()))
      .pipe(tap({ next: (rows) => this.#take(rows), finalize: onEnd }));
  }

  /** Something in the table could not be read; it is tried again. */
  fail(error: unknown): void {
    this.options.tableLog.failed(error);
  }

  #take(rows: readonly StandingAlarm[]): void {
    const { names, store, unconfirmed, tableLog } = this.options;
    tableLog.succeeded();
    for (const { processId, processName } of rows) names.learn(processId, processName);
    const standing = new Set(rows.map(({ processId }) => processId));
    store.retainStanding(standing, Date.now());
    unconfirmed.takeStanding(standing);
  }
}
