import type { AnyBinlogEvent, BinlogEventByName, BinlogEventName } from '@vlasky/zongji';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import {
  interpretRowChange,
  type RowImage,
  type RowMeaning,
} from '../../domain/alarm/interpret-row-change.js';
import type { TableLayout } from '../tables/table-layout.js';
import { readNameChanges } from './names/read-name-changes.js';
import type { RowSignal } from './names/resolve-names.js';
import { readAlarmStatement } from './read-alarm-statement.js';
import { readForeignStatement } from './read-foreign-statement.js';
import { type HostChange, readHostChange } from './read-host-change.js';

export interface BinlogReadingOptions {
  readonly layout: TableLayout;
  readonly hostId: string | undefined;
  /** Tables whose row changes mean nothing by themselves: each counts as hidden. */
  readonly versioned: ReadonlySet<string>;
  /** The process_id of one of our own statements. */
  readonly parseOwnStatement: (statement: string) => number | undefined;
}

/**
 * Reads one event of the binlog.
 *
 * @throws BinlogError if our table was altered: zongji would read the next rows with the old columns.
 */
export function readBinlogEvent(event: AnyBinlogEvent, reading: BinlogReadingOptions): readonly RowSignal[] {
  if (isEventOf(event, 'writerows', 'updaterows', 'deleterows')) return readRows(event, reading);
  if (isEventOf(event, 'query')) return readStatement(event, reading);
  // LOAD DATA in STATEMENT format, a compressed transaction, and every event that zongji does not know.
  if (isEventOf(event, 'unknown', 'transactionpayload')) return [{ kind: 'hidden', namesTable: false }];
  // `XA COMMIT … ONE PHASE` prepares and commits in one step; no statement follows.
  if (isEventOf(event, 'xaprepare') && event.onePhase) return [{ kind: 'hidden', namesTable: true }];
  return [];
}

const HIDDEN: Extract<BinlogSignal, { kind: 'hidden' }> = { kind: 'hidden', namesTable: true };

type RowsEvent = BinlogEventByName<'writerows' | 'updaterows' | 'deleterows'>;

function readRows(
  event: RowsEvent,
  { layout, hostId, versioned }: BinlogReadingOptions,
): readonly RowSignal[] {
  const table = event.tableMap[event.tableId];
  if (table && versioned.has(table.tableName)) return [HIDDEN];
  const columns = table?.columns?.map(({ name }) => name) ?? [];
  const first = new ImageReader(columns, Reflect.get(event, 'columns_present_bitmap'));
  const second = new ImageReader(columns, Reflect.get(event, 'columns_present_bitmap2'));
  const ownHost = layout.hostIdIn === 'status' ? hostId : undefined;
  const readImages = (row: object): [RowImage | undefined, RowImage | undefined] => {
    if (isEventOf(event, 'updaterows'))
      return [first.read(Reflect.get(row, 'before')), second.read(Reflect.get(row, 'after'))];
    return isEventOf(event, 'writerows') ? [undefined, first.read(row)] : [first.read(row), undefined];
  };
  const signals: RowSignal[] = [];
  for (const row of event.rows) {
    const [before, after] = readImages(row);
    if (table?.tableName === layout.processTable) {
      const names = readNameChanges(before, after, layout.hostIdIn === 'process' ? hostId : undefined);
      signals.push(names ? { kind: 'named', ...names } : HIDDEN);
      continue;
    }
    const change = ownHost === undefined ? 'ours' : readHostChange(before, after, ownHost);
    const meaning = interpretForHost(before, after, change);
    if (meaning.kind === 'raised') signals.push(meaning);
    else if (meaning.kind === 'lowered') signals.push({ kind: 'lowered', lowering: meaning });
    else if (meaning.kind === 'unusable')
      signals.push(meaning.processIds ? { ...HIDDEN, concerns: meaning.processIds } : HIDDEN);
  }
  return signals;
}

/** Leaves out the columns that are not in the image: zongji reads them as null, as if they were NULL. */
class ImageReader {
  readonly #present: readonly string[];

  constructor(columns: readonly string[], bitmap: unknown) {
    this.#present = columns.filter((_, index) => !Buffer.isBuffer(bitmap) || hasBit(bitmap, index));
  }

  read(row: unknown): RowImage {
    if (typeof row !== 'object' || row === null) return {};
    return Object.fromEntries(this.#present.map((name) => [name.toLowerCase(), Reflect.get(row, name)]));
  }
}

function hasBit(bitmap: Buffer, index: number): boolean {
  return ((bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/**
 * What a row change means for this host. A row that is handed to us may bring a standing alarm along, which is no raise
 * (R2): the table is read. One that is taken from us is gone, as after a DELETE.
 */
function interpretForHost(
  before: RowImage | undefined,
  after: RowImage | undefined,
  change: HostChange,
): RowMeaning {
  if (change === 'others') return { kind: 'nothing' };
  if (change === 'from-us') return interpretRowChange(before, undefined);
  const meaning = interpretRowChange(before, after);
  if (change === 'ours' || meaning.kind === 'raised') return meaning;
  const standing = interpretRowChange(undefined, { ...before, ...after });
  if (change === 'to-us' && standing.kind === 'nothing') return meaning;
  if (standing.kind === 'raised') return { kind: 'unusable', processIds: [standing.processId] };
  if (meaning.kind === 'lowered') return { kind: 'unusable', processIds: [meaning.processId] };
  return standing.kind === 'unusable' ? standing : { kind: 'unusable' };
}

function readStatement(
  { query: statement, schema }: BinlogEventByName<'query'>,
  { parseOwnStatement, layout }: BinlogReadingOptions,
): readonly RowSignal[] {
  const namesTable = OUR_TABLES.test(statement);
  if (!namesTable && TRANSACTION_CONTROL.test(statement)) return [];
  const processId = parseOwnStatement(statement);
  if (processId !== undefined) return [{ kind: 'own-statement', processId }];
  if (namesTable && DEFINITION.test(skipComments(statement))) {
    throw new BinlogError('our table was altered', { retryAtOnce: true });
  }
  // The column usually keeps its name in a view.
  if (!namesTable && !/\balarma\b/i.test(statement)) {
    const foreign = readForeignStatement(statement, schema, layout.schema);
    return [{ kind: 'hidden', namesTable, ...(foreign && { foreign }) }];
  }
  return [{ kind: 'hidden', namesTable, effect: readAlarmStatement(statement) }];
}

const TRANSACTION_CONTROL =
  /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|START TRANSACTION|XA (START|END|PREPARE))\b/i;
const OUR_TABLES = /\b(STATUS_PROCESS|PROCESE)\b/i;
const DEFINITION = /^(SET\s+STATEMENT\s.*?\sFOR\s+)?(ALTER|CREATE|DROP|RENAME|TRUNCATE)\b/is;

// One comment at a time: one expression for all comments would take unbounded time on a hostile statement.
function skipComments(statement: string): string {
  const comment = /\s+|--[^\n]*|#[^\n]*|\/\*M?!\d*|\/\*.*?\*\//sy;
  let end = 0;
  while (comment.test(statement)) end = comment.lastIndex;
  return statement.slice(end);
}

/** Narrows to the events of these names. A switch cannot, because the discriminant is a method. */
export function isEventOf<N extends BinlogEventName>(
  event: AnyBinlogEvent,
  ...names: N[]
): event is BinlogEventByName<N> {
  return (names as string[]).includes(event.getEventName());
}
