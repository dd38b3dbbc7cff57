import type { Connection } from 'mysql2/promise';
import { query } from '../connection/query.js';
import { quoteIdentifier, toText } from '../connection/sql-text.js';
import type { TableLayout } from './table-layout.js';

/** One process of this host, from both tables. */
export interface ListedProcess {
  readonly processId: number;
  /** Null: PROCESE has no row, or no name, for it. */
  readonly name: string | null;
  readonly hasProcessRow: boolean;
  readonly hasStatusRow: boolean;
  readonly isRaised: boolean;
  /** Null if the table has no such column, or no row. */
  readonly sound: number | null;
  readonly notes: string | null;
}

export interface ProcessListing {
  readonly processes: readonly ListedProcess[];
  /** There are more rows, which were not read. */
  readonly isCut: boolean;
}

/** More than anybody restarts on one host. */
export const MAX_ROWS = 10_000;

interface ListOptions {
  /** Only the rows of this process. */
  readonly processId?: number;
  /** Notes may have 64 KB each. Default: they are read. */
  readonly withNotes?: boolean;
}

/** Both tables joined, in the order of process_id. Only reads; throws what the driver throws. */
export async function listProcesses(
  connection: Connection,
  layout: TableLayout,
  hostId: string | undefined,
  { processId, withNotes = true }: ListOptions = {},
): Promise<ProcessListing> {
  const status = quoteIdentifier(layout.statusTable);
  const process = quoteIdentifier(layout.processTable);
  const hostClause =
    hostId === undefined || layout.hostIdIn === undefined ? '' : ` AND ${layout.hostIdIn[0]}.host_id = ?`;
  const read = async (from: string, idColumn: string): Promise<ListedProcess[]> => {
    const idClause = processId === undefined ? '' : ` AND ${idColumn} = ?`;
    const values = [
      ...(processId === undefined ? [] : [processId]),
      ...(hostClause === '' || hostId === undefined ? [] : [hostId]),
    ];
    const rows = await query<Row>(
      connection,
      `SELECT p.process_id AS processRow, p.process_name AS name, s.process_id AS statusRow,
          s.alarma = 1 AS isRaised, ${layout.hasSound ? 's.sound' : 'NULL'} AS sound, ${withNotes ? 's.notes' : 'NULL'} AS notes
        FROM ${from}${idClause}${hostClause} ORDER BY COALESCE(p.process_id, s.process_id) LIMIT ${MAX_ROWS + 1}`,
      values,
    );
    return rows.map(toListed);
  };
  const named = await read(
    `${process} AS p LEFT JOIN ${status} AS s ON s.process_id = p.process_id WHERE 1`,
    'p.process_id',
  );
  const nameless = await read(
    `${status} AS s LEFT JOIN ${process} AS p ON p.process_id = s.process_id WHERE p.process_id IS NULL`,
    's.process_id',
  );
  const all = [...named, ...nameless].sort((a, b) => a.processId - b.processId);
  return { processes: all.slice(0, MAX_ROWS), isCut: all.length > MAX_ROWS };
}

interface Row {
  readonly processRow: number | null;
  readonly name: unknown;
  readonly statusRow: number | null;
  readonly isRaised: unknown;
  readonly sound: unknown;
  readonly notes: unknown;
}

function toListed({ processRow, name, statusRow, isRaised, sound, notes }: Row): ListedProcess {
  return {
    processId: Number(processRow ?? statusRow),
    name: toText(name),
    hasProcessRow: processRow !== null,
    hasStatusRow: statusRow !== null,
    isRaised: Number(isRaised) === 1,
    sound: toNumber(sound),
    notes: toText(notes),
  };
}

// A flag may be a BIT.
function toNumber(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? (value.at(-1) ?? 0) : Number(value);
}
