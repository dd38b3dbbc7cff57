import type { AnyBinlogEvent, BinlogEventByName, TableMapEntry } from '@vlasky/zongji';

type Row = Readonly<Record<string, unknown>>;
type RowsEventName = 'writerows' | 'updaterows' | 'deleterows';

/** An INSERT as zongji gives it: a column outside the bitmap reads as null. `present`: what the bitmap holds. */
export function writeRows(rows: readonly Row[], present?: readonly string[]): AnyBinlogEvent {
  const columns = columnsOf(rows[0]);
  const event: BinlogEventByName<'writerows'> = {
    ...rowsHeader(columns),
    getTypeName: () => 'WriteRows',
    getEventName: () => 'writerows',
    rows: rows.map((row) => ({ ...row })),
  };
  return withBitmap(event, 'columns_present_bitmap', columns, present);
}

export function deleteRows(rows: readonly Row[], present?: readonly string[]): AnyBinlogEvent {
  const columns = columnsOf(rows[0]);
  const event: BinlogEventByName<'deleterows'> = {
    ...rowsHeader(columns),
    getTypeName: () => 'DeleteRows',
    getEventName: () => 'deleterows',
    rows: rows.map((row) => ({ ...row })),
  };
  return withBitmap(event, 'columns_present_bitmap', columns, present);
}

export function updateRows(
  rows: readonly { readonly before: Row; readonly after: Row }[],
  present: { readonly before?: readonly string[]; readonly after?: readonly string[] } = {},
  table = 'STATUS_PROCESS',
): AnyBinlogEvent {
  const columns = columnsOf(rows[0]?.before);
  const event: BinlogEventByName<'updaterows'> = {
    ...rowsHeader(columns, table),
    getTypeName: () => 'UpdateRows',
    getEventName: () => 'updaterows',
    rows: rows.map(({ before, after }) => ({ before: { ...before }, after: { ...after } })),
  };
  withBitmap(event, 'columns_present_bitmap', columns, present.before);
  return withBitmap(event, 'columns_present_bitmap2', columns, present.after);
}

export function queryEvent(query: string): AnyBinlogEvent {
  const event: BinlogEventByName<'query'> = {
    ...header(),
    getTypeName: () => 'Query',
    getEventName: () => 'query',
    slaveProxyId: 1,
    executionTime: 0,
    schemaLength: 17,
    errorCode: 0,
    statusVarsLength: 0,
    statusVars: '',
    schema: 'v_process_monitor',
    query,
  };
  return event;
}

export function xidEvent(): AnyBinlogEvent {
  const event: BinlogEventByName<'xid'> = {
    ...header(),
    getTypeName: () => 'Xid',
    getEventName: () => 'xid',
    xid: 7,
  };
  return event;
}

export function rotateEvent(): AnyBinlogEvent {
  const event: BinlogEventByName<'rotate'> = {
    ...header(),
    getTypeName: () => 'Rotate',
    getEventName: () => 'rotate',
    position: 4,
    binlogName: 'binlog.000001',
  };
  return event;
}

export function heartbeatEvent(): AnyBinlogEvent {
  const event: BinlogEventByName<'heartbeat'> = {
    ...header(),
    getTypeName: () => 'Heartbeat',
    getEventName: () => 'heartbeat',
    binlogName: 'binlog.000001',
  };
  return event;
}

export function partialUpdateRows(): AnyBinlogEvent {
  const event: BinlogEventByName<'partialupdaterows'> = {
    ...header(),
    getTypeName: () => 'PartialUpdateRows',
    getEventName: () => 'partialupdaterows',
  };
  return event;
}

export function tableMapEvent(tableName = 'STATUS_PROCESS'): AnyBinlogEvent {
  const event: BinlogEventByName<'tablemap'> = {
    ...header(),
    getTypeName: () => 'TableMap',
    getEventName: () => 'tablemap',
    tableId: 90,
    flags: 1,
    schemaName: 'v_process_monitor',
    tableName,
    columnCount: 4,
    columnTypes: [3, 1, 1, 15],
    columnsMetadata: [],
    tableMap: {},
    hasSelfDescribingMetadata: () => false,
    hasAmbiguousTemporalColumns: () => false,
    buildColumnSchemas: () => [],
    updateColumnInfo: () => {},
  };
  return event;
}

export function unknownEvent(): AnyBinlogEvent {
  const event: BinlogEventByName<'unknown'> = {
    ...header(),
    getTypeName: () => 'Unknown',
    getEventName: () => 'unknown',
  };
  return event;
}

function header() {
  return { timestamp: 0, nextPosition: 4, size: 40, dump: () => {} };
}

function rowsHeader(columns: readonly string[], tableName = 'STATUS_PROCESS') {
  const table: TableMapEntry = {
    columnSchemas: [],
    parentSchema: 'v_process_monitor',
    tableName,
    columns: columns.map((name) => ({ name, charset: null, type: 3, metadata: {} })),
  };
  return {
    ...header(),
    tableId: 90,
    flags: 1,
    numberOfColumns: columns.length,
    tableMap: { 90: table },
    useChecksum: true,
  };
}

function columnsOf(row: Row | undefined): readonly string[] {
  return Object.keys(row ?? {});
}

/** Lowest bit of the first byte is the first column, as in the event itself. */
function withBitmap(
  event: BinlogEventByName<RowsEventName>,
  property: string,
  columns: readonly string[],
  present: readonly string[] = columns,
): AnyBinlogEvent {
  const bitmap = Buffer.alloc(Math.ceil(columns.length / 8));
  for (const [index, name] of columns.entries()) {
    if (present.includes(name)) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
  }
  Reflect.set(event, property, bitmap);
  return event;
}
