import { asyncScheduler, from, type Observable, tap } from 'rxjs';
import type { KnownProcess, StandingAlarm } from '../../domain/alarm/table-rows.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import { lookUpName } from '../../streams/look-up-name.js';
import type { TableLog } from '../../telemetry/messages/table-log.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from './live-database.js';
import type { TableState } from './table-state.js';

interface TableReaderOptions {
  readonly database: LiveDatabase;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly tableLog: TableLog;
  readonly observers: ObserverList;
}

/**
 * Reads the tables for the cycles. Passes every result to the parts that learn from it, and logs when the tables
 * cannot be read.
 */
export class TableReader {
  constructor(private readonly options: TableReaderOptions) {}

  /** Reads the standing alarms with one SELECT. */
  readStanding(): Observable<readonly StandingAlarm[]> {
    const { database, table, observers } = this.options;
    return table
      .watch(fromAbortable(() => database.current.table.readStanding()))
      .pipe(tap({ next: (rows) => this.#take(rows), finalize: () => observers.tellReading(table.problem) }));
  }

  /** Reads the row of PROCESE; undefined if there is none. Waits while the database is away. */
  lookUpName(processId: number): Observable<KnownProcess | undefined> {
    return lookUpName({
      look: () => from(this.options.database.current.readName(processId)),
      onError: (error) => this.fail(error),
      scheduler: asyncScheduler,
      random: Math.random,
    }).pipe(tap((found) => found && this.options.state.meet(processId, found.name)));
  }

  /** Logs that the tables could not be read. The caller tries again. */
  fail(error: unknown): void {
    this.options.tableLog.failed(error);
  }

  #take(rows: readonly StandingAlarm[]): void {
    const { table, state, tableLog } = this.options;
    tableLog.succeeded();
    tableLog.ignored(this.options.database.current.table.unreadableIds);
    for (const { processId, processName } of rows) {
      table.names.learn(processId, processName);
      if (processName !== null) state.meet(processId, processName);
    }
    state.onStanding(new Set(rows.map(({ processId }) => processId)));
  }
}
