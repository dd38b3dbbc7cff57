import type { Config } from '../../../config/config.js';
import { openDatabase } from '../../../db/connection/database.js';
import { type ListedProcess, listProcesses, type ProcessListing } from '../../../db/tables/list-processes.js';
import { readTableLayout, type TableLayout } from '../../../db/tables/table-layout.js';
import { DEFAULT_NOTES_COLUMN, type NotesColumn } from '../../../domain/alarm/format-note.js';
import { describeError } from '../../../domain/errors.js';

/** What the tables know about a name. */
export interface ProcessLookup {
  /** Whether PROCESE has the name. */
  readonly found: boolean;
  readonly processId?: number;
  /** All rows; absent if they could not be read. */
  readonly rows?: readonly ListedProcess[];
  readonly notesColumn: NotesColumn;
  readonly lines: readonly string[];
}

/** Both tables as they are now; `problem`: why they cannot be read. */
export type TablesRead =
  | { readonly layout: TableLayout; readonly listing: ProcessListing }
  | { readonly problem: unknown };

/** Reads both tables once. Never rejects: without a database the configuration alone still shows much. */
export async function readTables(config: Config): Promise<TablesRead> {
  try {
    const database = openDatabase(config.database);
    try {
      return await database.use(async (connection) => {
        const layout = await readTableLayout(connection, config.monitor);
        return { layout, listing: await listProcesses(connection, layout, config.monitor.hostId) };
      });
    } finally {
      await database.close();
    }
  } catch (error) {
    return { problem: error };
  }
}

/** Looks the name up in what was read of the tables. */
export function lookUpByName(name: string, config: Config, tables: TablesRead): ProcessLookup {
  if ('problem' in tables) {
    const lines = [`not done: ${describeError(tables.problem)}`];
    return { found: false, notesColumn: DEFAULT_NOTES_COLUMN, lines };
  }
  const { layout, listing } = tables;
  const rows = listing.processes.filter((process) => process.name === name);
  const [row] = rows;
  const notesColumn = layout.notes;
  if (!row) {
    const cut = listing.isCut ? ', among the rows that were read' : '';
    const lines = [`${layout.processTable} has no process ${name}${forThisHost(config)}${cut}`];
    return { found: false, rows: listing.processes, notesColumn, lines };
  }
  const state = row.isRaised ? 'its alarm is raised now' : 'its alarm is not raised';
  const lines = [`${layout.processTable}: process_id ${row.processId}; ${state}`];
  if (!row.hasStatusRow)
    lines.push(`${layout.statusTable} has no row for it: only an INSERT can raise its alarm`);
  for (const { processId } of rows.slice(1)) lines.push(`process_id ${processId} has the same name`);
  return { found: true, processId: row.processId, rows: listing.processes, notesColumn, lines };
}

function forThisHost({ monitor: { hostId } }: Config): string {
  return hostId === undefined ? '' : ` with host_id ${hostId}`;
}
