import { asyncScheduler, defer, from, map, type Observable, tap } from 'rxjs';
import type { PageKey, StandingPage } from '../../domain/alarm/standing-page.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import { namesBefore } from '../../domain/cycle/restart-order.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import { lookUpName } from '../../streams/look-up-name.js';
import type { TableLog } from '../../telemetry/messages/table-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from './live-database.js';
import type { TableState } from './table-state.js';

interface TableReaderOptions {
  readonly settings: LiveConfig;
  readonly database: LiveDatabase;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly tableLog: TableLog;
  readonly observers: ObserverList;
}

/** How often the alarms are counted while a table of many pages is read, ms. */
const COUNT_EVERY_MS = 5000;

/**
 * Reads the tables for the cycles. Passes every result to the parts that learn from it, and logs when the tables
 * cannot be read.
 */
export class TableReader {
  #isCounting = false;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TableReaderOptions) {}

  /** One page of the standing alarms. */
  readStanding(after: PageKey | undefined): Observable<StandingPage> {
    const { settings, database, table, observers } = this.options;
    const before = (names: readonly string[]): readonly string[] =>
      namesBefore(names, settings.current.processes.byName);
    return defer(() => {
      const begunAt = Date.now();
      return table.watch(fromAbortable(() => database.current.table.readStanding(after, before))).pipe(
        tap({
          next: (page) => this.#take(page, begunAt),
          finalize: () => observers.tellReading(table.problem),
        }),
      );
    });
  }

  /** Counts the standing alarms, for status and metrics, while they are not read. */
  count(): void {
    const { database, table, observers, tableLog } = this.options;
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.#countedAt = performance.now();
    table
      .watchCount(fromAbortable(() => database.current.table.countStanding()))
      .subscribe({ next: () => tableLog.succeeded(), error: (error: unknown) => this.fail(error) })
      .add(() => {
        this.#isCounting = false;
        observers.tellReading(table.problem);
      });
  }

  /** Reads the row of PROCESE, first after so many ms; undefined if there is none. Waits while the database is away. */
  lookUpName(processId: number, afterMs: number): Observable<KnownProcess | undefined> {
    return lookUpName({
      look: () => from(this.options.database.current.readName(processId)),
      afterMs,
      onError: (error) => this.fail(error),
      scheduler: asyncScheduler,
      random: Math.random,
    });
  }

  /**
   * Whether the alarm is raised. Waits for a row that is not visible yet, and while the database is away. `onMiss` is
   * called at each answer that does not show it.
   */
  findRaised(processId: number, onMiss: () => void): Observable<boolean> {
    return lookUpName({
      look: () =>
        from(this.options.database.current.findRaised(processId)).pipe(
          tap((found: true | undefined) => found ?? onMiss()),
        ),
      onError: (error) => this.fail(error),
      scheduler: asyncScheduler,
      random: Math.random,
    }).pipe(map((found) => found !== undefined));
  }

  /** Logs that the tables could not be read. The caller tries again. */
  fail(error: unknown): void {
    this.options.tableLog.failed(error);
  }

  /** The readings that follow an event are over. */
  allRead(): void {
    this.options.tableLog.allRead();
  }

  #take(page: StandingPage, begunAt: number): void {
    const { state, tableLog } = this.options;
    tableLog.succeeded();
    tableLog.ignored(this.options.database.current.table.unreadableIds);
    for (const { processId, processName } of [...page.alarms, ...page.before]) {
      if (processName !== null) state.meet(processId, processName);
    }
    state.onPage(page, begunAt);
    if (!page.isWholeTable && performance.now() - this.#countedAt > COUNT_EVERY_MS) this.count();
  }
}
