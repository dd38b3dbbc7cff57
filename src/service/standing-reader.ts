import { type Observable, tap } from 'rxjs';
import type { StandingAlarm } from '../db/alarm-table.js';
import { describeError } from '../domain/errors.js';
import { fromAbortable } from '../operators/from-abortable.js';
import type { StateKeeper } from '../state/state-keeper.js';
import type { Log } from '../telemetry/log.js';
import { OutageLog } from '../telemetry/outage-log.js';
import type { DataSource } from './data-source.js';
import type { ProcessNames } from './process-names.js';
import type { TableWatch } from './table-watch.js';

export interface StandingReaderOptions {
  readonly log: Log;
  /** Asked for each time: a reload may change it. */
  readonly source: () => DataSource;
  readonly tableWatch: TableWatch;
  readonly names: ProcessNames;
  readonly keeper: StateKeeper;
  /** Why the stream is down, which has been told already. */
  readonly streamProblem: () => string | undefined;
  /** A reading has ended, well or not. */
  readonly onEnd: () => void;
}

/** Reads the standing alarms, lets everybody learn from them, and tells of times in which they cannot be read. */
export class StandingReader {
  readonly #outage: OutageLog;

  constructor(private readonly options: StandingReaderOptions) {
    this.#outage = new OutageLog(options.log, Date.now);
  }

  /** One SELECT. */
  read(): Observable<readonly StandingAlarm[]> {
    const { source, tableWatch, onEnd } = this.options;
    return tableWatch
      .watch(fromAbortable(() => source().table.readStanding()))
      .pipe(tap({ next: (rows) => this.#take(rows), finalize: onEnd }));
  }

  /** Something in the table could not be read; it is tried again. */
  fail(error: unknown): void {
    const reason = describeError(error);
    // The stream has told it already where the database as a whole is away.
    if (reason === this.options.streamProblem()) return;
    this.#outage.lost(reason, `the table cannot be read: ${reason}; trying until it can be`);
  }

  #take(rows: readonly StandingAlarm[]): void {
    const { names, keeper } = this.options;
    this.#outage.back((ms) => `the table can be read again after ${(ms / 1000).toFixed(1)} s`);
    for (const { processId, processName } of rows) names.learn(processId, processName);
    keeper.keepOnly(new Set(rows.map(({ processId }) => processId)), Date.now());
  }
}
