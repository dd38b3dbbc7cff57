import { type ListedProcess, listProcesses } from '../../db/tables/list-processes.js';
import { displayName } from '../../domain/alarm/alarm.js';
import { describeError } from '../../domain/errors.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { StatusCollector } from '../status/status-collector.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { TableState } from '../table/table-state.js';
import type { NamedRow } from './process-rows.js';
import { ReadingQueue } from './reading-queue.js';

/** A reading serves everybody who asks within this time, ms. */
const FRESH_MS = 3000;
/** A reading that nobody has used for this time is forgotten, ms. */
const FORGET_AFTER_MS = 60_000;

interface ListedProcessesOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly database: Pick<LiveDatabase, 'current'>;
  readonly table: Pick<TableState, 'list' | 'names'>;
  readonly state: Pick<PersistentState, 'breakers'>;
  readonly status: Pick<StatusCollector, 'cycles' | 'outcomes'>;
}

export interface Listing {
  readonly rows: readonly NamedRow[];
  readonly isCut: boolean;
  /** The table could not be read: these are the processes that the service knows. */
  readonly problem?: string;
}

/** The processes of both tables, read when somebody looks at them, once for all who do. */
export class ListedProcesses {
  readonly #reader: ReadingQueue;
  #reading: Promise<Listing> | undefined;
  /** Whether it has not ended yet. */
  #isUnderWay = false;
  /** Those of one process that are under way. */
  readonly #ofOne = new Map<number, Promise<ListedProcess | undefined>>();
  #readAt = Number.NEGATIVE_INFINITY;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(private readonly options: ListedProcessesOptions) {
    this.#reader = new ReadingQueue(options.settings, options.database);
  }

  /** Never rejects. */
  read(): Promise<Listing> {
    const isFresh = this.#isUnderWay || performance.now() - this.#readAt <= FRESH_MS;
    if (this.#reading !== undefined && isFresh) return this.#reading;
    this.#readAt = performance.now();
    this.#isUnderWay = true;
    const reading = this.#read().finally(() => {
      if (this.#reading === reading) this.#isUnderWay = false;
    });
    this.#reading = reading;
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => this.close(), FORGET_AFTER_MS).unref();
    return reading;
  }

  /** Both rows of one process. Undefined if there is no such process. Throws what the database throws. */
  one(processId: number): Promise<ListedProcess | undefined> {
    const underWay = this.#ofOne.get(processId);
    if (underWay) return underWay;
    const reading = this.#reader
      .read((connection, layout, hostId) => listProcesses(connection, layout, hostId, { processId }))
      .then(({ processes }) => processes[0])
      .finally(() => {
        if (this.#ofOne.get(processId) === reading) this.#ofOne.delete(processId);
      });
    this.#ofOne.set(processId, reading);
    return reading;
  }

  /** The next reading asks the database, also if one is under way: something was written. */
  expire(): void {
    this.#reading = undefined;
    this.#ofOne.clear();
  }

  close(): void {
    clearTimeout(this.#forgetting);
    this.#reading = undefined;
  }

  async #read(): Promise<Listing> {
    try {
      const { processes, isCut } = await this.#reader.read((connection, layout, hostId) =>
        listProcesses(connection, layout, hostId, { withNotes: false }),
      );
      const rows = processes.map(({ processId, name, isRaised }) => ({
        ...{ processId, isRaised },
        processName: displayName(processId, name),
      }));
      return { rows, isCut };
    } catch (error) {
      return { rows: this.#known(), isCut: true, problem: describeError(error) };
    }
  }

  #known(): readonly NamedRow[] {
    const { table, state, status } = this.options;
    const raised = new Set(table.list().map(({ processId }) => processId));
    const ids = new Set([
      ...raised,
      ...status.cycles.list.map(({ processId }) => processId),
      ...state.breakers.snapshot().keys(),
      ...status.outcomes.list.map(({ processId }) => processId),
    ]);
    return [...ids].map((processId) => ({
      ...{ processId, isRaised: raised.has(processId) },
      processName: table.names.nameOf(processId),
    }));
  }
}
