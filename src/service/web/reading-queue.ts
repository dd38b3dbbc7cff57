import type { PoolConnection } from 'mysql2/promise';
import { readTableLayout, type TableLayout } from '../../db/tables/table-layout.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { LiveDatabase } from '../table/live-database.js';

/** What somebody waits for, ms. */
const READ_WITHIN_MS = 5000;

type Reading<T> = (connection: PoolConnection, layout: TableLayout, hostId: string | undefined) => Promise<T>;

/**
 * Reads the table for the page, one reading at a time: of the connections to the database it takes one, and leaves the
 * others to the clears, however many people look and however long the server takes.
 */
export class ReadingQueue {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: Pick<LiveConfig, 'current'>,
    private readonly database: Pick<LiveDatabase, 'current'>,
  ) {}

  /**
   * The next reading waits until the query of this one has really ended, also if nobody waits for it any more.
   *
   * @throws TimedOutError, or what the database throws
   */
  async read<T>(work: Reading<T>): Promise<T> {
    let isAwaited = true;
    const turn = this.#last.then(async () => {
      if (!isAwaited) throw new Error('nobody waits for this reading any more');
      const { monitor } = this.settings.current;
      return await this.database.current.database.use(async (connection) =>
        work(connection, await readTableLayout(connection, monitor), monitor.hostId),
      );
    });
    this.#last = turn.catch(() => {});
    try {
      return await withTimeout(READ_WITHIN_MS, turn);
    } finally {
      isAwaited = false;
    }
  }
}
