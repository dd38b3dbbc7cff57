import type { AnyBinlogEvent } from '@vlasky/zongji';
import type { BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import { PARTIAL_JSON } from './describe-undecodable.js';
import type { RowSignal } from './names/resolve-names.js';
import { isEventOf } from './read-binlog-event.js';

/** How many processes of one transaction are kept apart; for more of them the table is read. */
const MAX_PROCESSES = 1000;

/**
 * Buffers the signals of a transaction until its end has arrived. Then it releases the changes of names (R36) and after
 * them the last signal of each process. Over a slow link the rows arrive one by one, and an alarm that is lowered in the
 * same transaction was never raised. One that is lowered and raised again is a new alarm, so both are released (R2). After
 * a ROLLBACK, also one to a SAVEPOINT, only the table says which rows are left. A very long transaction is not kept whole:
 * the rest becomes a hidden change, which is reported at once and again at the end of the transaction.
 */
export class TransactionBuffer {
  readonly #byProcess = new Map<number, readonly RowSignal[]>();
  #names: RowSignal[] = [];
  #hidden: Extract<BinlogSignal, { kind: 'hidden' }> | undefined;
  #isCut = false;
  /** Rows of our tables may follow in this transaction. */
  #namesTable = false;
  #isDistrusted = false;

  /**
   * A row of this transaction could not be decoded, for the reason given. The other rows do not count either: only a
   * reading of the table shows the result of all of them.
   */
  distrust(undecodable: string): void {
    this.#byProcess.clear();
    this.#names = [];
    this.#hidden = { kind: 'hidden', namesTable: true, undecodable };
    this.#isDistrusted = true;
  }

  /** Must be called for every event with its signals, in order. Returns the signals that may be acted on now. */
  push(event: AnyBinlogEvent, signals: readonly RowSignal[]): readonly RowSignal[] {
    if (isEventOf(event, 'writerows', 'updaterows', 'deleterows')) {
      const wasHidden = this.#hidden !== undefined;
      if (!this.#isDistrusted) for (const signal of signals) this.#hold(signal);
      return this.#isCut && this.#hidden && !wasHidden ? [this.#hidden] : [];
    }
    if (isEventOf(event, 'tablemap')) this.#namesTable = true;
    // The event does not say which table its rows belong to.
    if (isEventOf(event, 'partialupdaterows') && this.#namesTable) this.distrust(PARTIAL_JSON);
    if (isEventOf(event, 'query') && /^\s*ROLLBACK\b/i.test(event.query)) this.#dropRolledBack();
    return isEnd(event) ? [...this.#release(), ...signals] : signals;
  }

  /**
   * A server writes rows that were rolled back if their transaction also changed a table without transactions, or made
   * or dropped a temporary one (MariaDB). Those of a table without transactions count all the same, and so may the rows
   * before a SAVEPOINT, so only a reading of the table shows which rows are left.
   */
  #dropRolledBack(): void {
    if (this.#byProcess.size === 0 && this.#names.length === 0) return;
    this.#byProcess.clear();
    this.#names = [];
    this.#hide(undefined);
  }

  #hold(signal: RowSignal): void {
    if (signal.kind === 'raised') this.#holdOf(signal.processId, signal);
    else if (signal.kind === 'lowered') this.#holdOf(signal.lowering.processId, signal);
    else if (signal.kind === 'named' && this.#names.length < MAX_PROCESSES) this.#names.push(signal);
    else this.#hide(signal.kind === 'hidden' ? signal.concerns : undefined);
  }

  #holdOf(processId: number, signal: RowSignal): void {
    const held = this.#byProcess.get(processId);
    if (held || this.#byProcess.size < MAX_PROCESSES) {
      const lowered = signal.kind === 'raised' && held?.find(({ kind }) => kind === 'lowered');
      this.#byProcess.set(processId, lowered ? [lowered, signal] : [signal]);
      return;
    }
    this.#isCut = true;
    this.#hide(undefined);
  }

  /** `concerns`: the processes whose rows may have changed; undefined if any. */
  #hide(concerns: readonly number[] | undefined): void {
    const before = this.#hidden ? this.#hidden.concerns : [];
    const all = before && concerns && [...new Set([...before, ...concerns])];
    const { concerns: _, ...hidden } = this.#hidden ?? { kind: 'hidden', namesTable: true };
    this.#hidden = all && all.length <= MAX_PROCESSES ? { ...hidden, concerns: all } : hidden;
  }

  #release(): readonly RowSignal[] {
    // The reading that has begun has found most of these raises: each would count as a second raise.
    const signals = [...this.#byProcess.values()]
      .flat()
      .filter(({ kind }) => kind !== 'raised' || !this.#isCut);
    const held = [...this.#names, ...signals, ...(this.#hidden ? [this.#hidden] : [])];
    this.#byProcess.clear();
    this.#names = [];
    this.#hidden = undefined;
    this.#isCut = false;
    this.#isDistrusted = false;
    this.#namesTable = false;
    return held;
  }
}

/**
 * For a table without transactions, a statement ends the transaction. A SAVEPOINT, or in a MIXED binlog the change of
 * another table, is a statement inside one. An event that occurs only between two transactions ends one as well.
 */
function isEnd(event: AnyBinlogEvent): boolean {
  if (isEventOf(event, 'query')) return /^\s*(COMMIT|ROLLBACK(?!\s+TO\b)|BEGIN|XA)\b/i.test(event.query);
  return isEventOf(event, 'xid', 'xaprepare', 'mariadbgtid', 'heartbeat', 'rotate');
}

/**
 * Tracks whether the binlog is inside a prepared XA transaction. Its rows are written when it is prepared, and it may
 * still be rolled back, so they are not acted on. Its `XA COMMIT` is a separate statement and makes us read the table.
 */
export class XaTransaction {
  #isOpen = false;

  /** Must be called for every event, in order. Returns whether a row in it is not committed yet. */
  follow(event: AnyBinlogEvent): boolean {
    // On MySQL it begins with a statement, on MariaDB with a flag of the GTID; on both it ends with a special event.
    if (isEventOf(event, 'query')) this.#isOpen = /^\s*XA START\b/i.test(event.query) || this.#isOpen;
    else if (isEventOf(event, 'mariadbgtid')) this.#isOpen = event.preparedXa;
    else if (isEventOf(event, 'xaprepare', 'rotate')) this.#isOpen = false;
    return this.#isOpen;
  }
}
