import type { Config } from '../../../config/config.js';
import { openDatabase } from '../../../db/connection/database.js';
import { type ListedProcess, listProcesses } from '../../../db/tables/list-processes.js';
import { readTableLayout } from '../../../db/tables/table-layout.js';
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

/** Looks the name up in the tables. Never rejects: without a database the configuration alone still shows much. */
export async function lookUpByName(name: string, config: Config): Promise<ProcessLookup> {
  try {
    const database = openDatabase(config.database);
    try {
      const { layout, listing } = await database.use(async (connection) => {
        const found = await readTableLayout(connection, config.monitor);
        return { layout: found, listing: await listProcesses(connection, found, config.monitor.hostId) };
      });
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
    } finally {
      await database.close();
    }
  } catch (error) {
    return { found: false, notesColumn: DEFAULT_NOTES_COLUMN, lines: [`not done: ${describeError(error)}`] };
  }
}

function forThisHost({ monitor: { hostId } }: Config): string {
  return hostId === undefined ? '' : ` with host_id ${hostId}`;
}
