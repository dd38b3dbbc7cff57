import type { AnyBinlogEvent } from '@vlasky/zongji';
import { isEventOf } from './is-event-of.js';

/**
 * Follows where the binlog is inside a prepared XA transaction: its rows are written there when it is prepared, and it
 * may still be rolled back. Nobody acts on them; its `XA COMMIT` is a statement of its own and makes us read the table.
 */
export class XaTransaction {
  #isOpen = false;

  /** To be told of every event, in order. Whether a row in it is not committed yet. */
  follow(event: AnyBinlogEvent): boolean {
    // MySQL begins with a statement, MariaDB with a flag of the GTID; both end with an event of its own.
    if (isEventOf(event, 'query')) this.#isOpen = /^\s*XA START\b/i.test(event.query) || this.#isOpen;
    else if (isEventOf(event, 'mariadbgtid')) this.#isOpen = event.preparedXa;
    else if (isEventOf(event, 'xaprepare', 'rotate')) this.#isOpen = false;
    return this.#isOpen;
  }
}
