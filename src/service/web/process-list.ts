import { type ListedProcess, listProcesses } from '../../db/tables/list-processes.js';
import { readTableLayout } from '../../db/tables/table-layout.js';
import { displayName } from '../../domain/alarm/alarm.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { NamedRow } from './process-rows.js';
import type { WebParts } from './web-parts.js';

/** A reading serves everybody who asks within this time, ms. */
const FRESH_MS = 3000;
/** A reading that nobody has used for this time is forgotten, ms. */
const FORGET_AFTER_MS = 60_000;
const READ_WITHIN_MS = 5000;

export interface Listing {
  readonly rows: readonly NamedRow[];
  readonly isCut: boolean;
  /** The table could not be read: these are the processes that the service knows. */
  readonly problem?: string;
}

/** The processes of both tables, read when somebody looks at them, once for all who do. */
export class ProcessList {
  #reading: Promise<Listing> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: Pick<WebParts, 'settings' | 'database' | 'table' | 'state' | 'status'>,
  ) {}

  /** Never rejects. */
  read(): Promise<Listing> {
    const now = performance.now();
    if (this.#reading === undefined || now - this.#readAt > FRESH_MS) {
      this.#readAt = now;
      this.#reading = this.#read();
      clearTimeout(this.#forgetting);
      this.#forgetting = setTimeout(() => this.close(), FORGET_AFTER_MS).unref();
    }
    return this.#reading;
  }

  /** Both rows of one process. Undefined if there is no such process. Throws what the database throws. */
  async one(processId: number): Promise<ListedProcess | undefined> {
    const { processes } = await this.#query();
    return processes.find((process) => process.processId === processId);
  }

  /** The next reading asks the database: something was written. */
  expire(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    clearTimeout(this.#forgetting);
    this.#reading = undefined;
  }

  async #read(): Promise<Listing> {
    try {
      const { processes, isCut } = await this.#query();
      const rows = processes.map(({ processId, name, isRaised }) => ({
        ...{ processId, isRaised },
        processName: displayName(processId, name),
      }));
      return { rows, isCut };
    } catch (error) {
      return { rows: this.#known(), isCut: true, problem: describeError(error) };
    }
  }

  #query() {
    const { database, settings } = this.parts;
    const { monitor } = settings.current;
    return withTimeout(
      READ_WITHIN_MS,
      database.current.database.use(async (connection) =>
        listProcesses(connection, await readTableLayout(connection, monitor), monitor.hostId),
      ),
    );
  }

  #known(): readonly NamedRow[] {
    const { table, state, status } = this.parts;
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
