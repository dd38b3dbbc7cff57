import type { AnyBinlogEvent } from '@vlasky/zongji';
import type { BinlogSignal } from '../../domain/alarm/binlog.js';
import { isEventOf } from './binlog-event.js';

/**
 * Holds back what the rows of a transaction say until its end has come, and then tells of each process what is left of
 * it. Over a slow link the rows come one by one, and an alarm that is taken back in the same transaction never stood.
 */
export class TransactionBuffer {
  readonly #byProcess = new Map<number, BinlogSignal>();
  #hidden: BinlogSignal | undefined;

  /** To be told of every event with its signals, in order. Returns what may be acted on now. */
  push(event: AnyBinlogEvent, signals: readonly BinlogSignal[]): readonly BinlogSignal[] {
    if (isEventOf(event, 'writerows', 'updaterows', 'deleterows')) {
      for (const signal of signals) this.#hold(signal);
      return [];
    }
    return isEnd(event) ? [...this.#release(), ...signals] : signals;
  }

  #hold(signal: BinlogSignal): void {
    if (signal.kind === 'raised') this.#byProcess.set(signal.processId, signal);
    else if (signal.kind === 'lowered') this.#byProcess.set(signal.lowering.processId, signal);
    else this.#hidden = signal;
  }

  #release(): readonly BinlogSignal[] {
    const held = [...this.#byProcess.values(), ...(this.#hidden ? [this.#hidden] : [])];
    this.#byProcess.clear();
    this.#hidden = undefined;
    return held;
  }
}

/**
 * A table without transactions ends one by a statement; a SAVEPOINT, or in a MIXED binlog the change of another table, is a
 * statement in the midst of one. What comes only between two transactions ends one as well.
 */
function isEnd(event: AnyBinlogEvent): boolean {
  if (isEventOf(event, 'query')) return /^\s*(COMMIT|ROLLBACK(?!\s+TO\b)|BEGIN|XA)\b/i.test(event.query);
  return isEventOf(event, 'xid', 'xaprepare', 'mariadbgtid', 'heartbeat', 'rotate');
}

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
