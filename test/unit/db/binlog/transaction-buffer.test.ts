import type { AnyBinlogEvent } from '@vlasky/zongji';
import { describe, expect, it } from 'vitest';
import type { RowSignal } from '../../../../src/db/binlog/names/resolve-names.js';
import { TransactionBuffer } from '../../../../src/db/binlog/transaction-buffer.js';
import type { BinlogSignal } from '../../../../src/domain/alarm/binlog-signal.js';
import {
  heartbeatEvent,
  partialUpdateRows,
  queryEvent,
  rotateEvent,
  tableMapEvent,
  unknownEvent,
  updateRows,
  xidEvent,
} from '../../../support/db/binlog-events.js';

const ROWS = updateRows([{ before: { alarma: 0 }, after: { alarma: 1 } }]);
const HIDDEN: BinlogSignal = { kind: 'hidden', namesTable: true };

const raised = (processId: number, notes: string | null = null): BinlogSignal => ({
  kind: 'raised',
  processId,
  notes,
});
const lowered = (processId: number): BinlogSignal => ({
  kind: 'lowered',
  lowering: { processId, notes: null },
});

describe('the rows of a transaction', () => {
  it.each([
    ['Xid', xidEvent()],
    ['COMMIT of a table without transactions', queryEvent('COMMIT')],
    ['the BEGIN of the next', queryEvent('BEGIN')],
    ['a heartbeat', heartbeatEvent()],
    ['another file', rotateEvent()],
  ])('count when its end has come: %s', (_, end) => {
    const rows = new TransactionBuffer();
    expect(rows.push(ROWS, [raised(1)])).toEqual([]);
    expect(rows.push(ROWS, [raised(2)])).toEqual([]);
    expect(rows.push(end, [])).toEqual([raised(1), raised(2)]);
    expect(rows.push(end, [])).toEqual([]);
  });

  it('an alarm that is taken back in it never stood', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1), raised(2)]);
    rows.push(ROWS, [lowered(1)]);
    expect(rows.push(xidEvent(), [])).toEqual([lowered(1), raised(2)]);
  });

  it('R2: an alarm that is taken back and raised again in it is a new one', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [lowered(1)]);
    rows.push(ROWS, [raised(1), raised(1, 'too hot')]);
    expect(rows.push(xidEvent(), [])).toEqual([lowered(1), raised(1, 'too hot')]);
    rows.push(ROWS, [lowered(1), raised(1), lowered(1)]);
    expect(rows.push(xidEvent(), [])).toEqual([lowered(1)]);
  });

  it('of very many processes the raises are read from the table, at once and when it has ended', () => {
    const rows = new TransactionBuffer();
    const many = Array.from({ length: 1000 }, (_, id) => raised(id));
    expect(rows.push(ROWS, many)).toEqual([]);
    expect(rows.push(ROWS, [raised(1000)])).toEqual([HIDDEN]);
    expect(rows.push(ROWS, [raised(1001), lowered(0)])).toEqual([]);
    expect(rows.push(xidEvent(), [])).toEqual([lowered(0), HIDDEN]);
    expect(rows.push(ROWS, [raised(1002)])).toEqual([]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(1002)]);
  });

  it.each(['SAVEPOINT `half`', 'UPDATE other SET a = 1'])(
    'a statement in the midst of it does not end it: %s',
    (statement) => {
      const rows = new TransactionBuffer();
      rows.push(ROWS, [raised(1)]);
      expect(rows.push(queryEvent(statement), [])).toEqual([]);
      rows.push(ROWS, [lowered(1)]);
      expect(rows.push(xidEvent(), [])).toEqual([lowered(1)]);
    },
  );

  it.each<[string, ...AnyBinlogEvent[]]>([
    ['the whole', queryEvent('ROLLBACK')],
    ['the rest behind a SAVEPOINT', queryEvent('ROLLBACK TO `half`'), xidEvent()],
    [
      'the rest, with COMMIT of a table without transactions',
      queryEvent('ROLLBACK TO `half`'),
      queryEvent('COMMIT'),
    ],
  ])('R4: rows that were rolled back count no more, and the table says which do: %s', (_, ...events) => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1), lowered(2)]);
    expect(events.flatMap((event) => rows.push(event, []))).toEqual([HIDDEN]);
    rows.push(ROWS, [raised(3)]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(3)]);
  });

  it('R4: what follows a ROLLBACK to a SAVEPOINT counts, and the table is read as well', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1)]);
    rows.push(queryEvent('ROLLBACK TO `half`'), []);
    rows.push(ROWS, [raised(2)]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(2), HIDDEN]);
  });

  it('a ROLLBACK of changes of other tables says nothing', () => {
    const rows = new TransactionBuffer();
    expect(rows.push(queryEvent('ROLLBACK TO `half`'), [])).toEqual([]);
    expect(rows.push(queryEvent('ROLLBACK'), [])).toEqual([]);
  });

  it('what is between them and says nothing of its own does not end it', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1)]);
    expect(rows.push(unknownEvent(), [{ kind: 'hidden', namesTable: false }])).toEqual([
      { kind: 'hidden', namesTable: false },
    ]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(1)]);
  });

  it('R4: a row that cannot be read asks for a look at the table, after the end as well', () => {
    const rows = new TransactionBuffer();
    expect(rows.push(ROWS, [HIDDEN])).toEqual([]);
    expect(rows.push(ROWS, [raised(1)])).toEqual([]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(1), HIDDEN]);
  });

  it('R7: rows that cannot be read concern their processes, and any once one of them is not known', () => {
    const rows = new TransactionBuffer();
    const hidden = (...concerns: number[]): BinlogSignal => ({ ...HIDDEN, concerns });
    rows.push(ROWS, [hidden(1), hidden(2, 3)]);
    rows.push(ROWS, [hidden(1)]);
    expect(rows.push(xidEvent(), [])).toEqual([hidden(1, 2, 3)]);
    rows.push(ROWS, [hidden(1), HIDDEN, hidden(2)]);
    expect(rows.push(xidEvent(), [])).toEqual([HIDDEN]);
    const many = Array.from({ length: 1001 }, (_, id) => hidden(id));
    rows.push(ROWS, many.slice(1));
    expect(rows.push(xidEvent(), [])).toMatchObject([{ concerns: { length: 1000 } }]);
    rows.push(ROWS, [...many, hidden(1)]);
    expect(rows.push(xidEvent(), [])).toEqual([HIDDEN]);
  });

  it('a statement is told after them', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1)]);
    expect(rows.push(queryEvent('XA COMMIT'), [HIDDEN])).toEqual([raised(1), HIDDEN]);
  });

  it('R36: changes of names come before the alarms, whatever the order of the rows', () => {
    const rows = new TransactionBuffer();
    const named: RowSignal = {
      kind: 'named',
      changes: [{ processId: 1, name: 'new' }],
      mayHideAlarms: false,
    };
    rows.push(ROWS, [raised(1)]);
    rows.push(ROWS, [named]);
    expect(rows.push(xidEvent(), [])).toEqual([named, raised(1)]);
    rows.push(ROWS, [named]);
    expect(rows.push(queryEvent('ROLLBACK'), [])).toEqual([HIDDEN]);
  });

  it('R4: a row that cannot be decoded hides all of its transaction, and of no other', () => {
    const rows = new TransactionBuffer();
    rows.push(ROWS, [raised(1)]);
    rows.distrust('a type');
    rows.push(ROWS, [raised(2)]);
    expect(rows.push(xidEvent(), [])).toEqual([{ ...HIDDEN, undecodable: 'a type' }]);
    rows.push(ROWS, [raised(3)]);
    expect(rows.push(xidEvent(), [])).toEqual([raised(3)]);
  });

  it('R4: rows of JSON differences are hidden where our table is in the transaction', () => {
    const rows = new TransactionBuffer();
    rows.push(partialUpdateRows(), []);
    expect(rows.push(xidEvent(), [])).toEqual([]);
    rows.push(tableMapEvent(), []);
    rows.push(partialUpdateRows(), []);
    expect(rows.push(xidEvent(), [])).toEqual([
      { ...HIDDEN, undecodable: expect.stringContaining('PARTIAL_JSON') },
    ]);
  });
});
