import type { PoolConnection } from 'mysql2/promise';
import type { NotesColumn } from '../../domain/alarm/format-note.js';
import type { Database } from '../connection/database.js';
import { DatabaseError } from '../connection/database-error.js';
import { inLists } from '../connection/in-list.js';
import { execute } from '../connection/query.js';
import { quoteIdentifier } from '../connection/sql-text.js';
import { addGrantRemedy } from './add-grant-remedy.js';
import type { HostRows } from './host-rows.js';
import { type ListedProcess, listProcesses, MAX_ROWS } from './list-processes.js';
import { readTableLayout, type TableLayout } from './table-layout.js';

/** What to write: `update` has the process_ids of existing rows, `insert` those of missing rows. */
export interface AlarmChange {
  readonly alarma: 0 | 1;
  readonly update: readonly number[];
  readonly insert: readonly number[];
  /** Absent: the notes are not changed. */
  readonly note?: string;
}

/**
 * The alarms as an administrator handles them. Both methods throw DatabaseError. If the tables have a host_id, only the
 * rows of this host count.
 */
export interface AlarmAdmin {
  /** All processes, in the order of their process_id. */
  list(): Promise<readonly ListedProcess[]>;
  /**
   * Reads the tables, decides and writes, in one transaction; nothing is written if `decide` throws. If STATUS_PROCESS
   * has the host_id, only its rows show which processes belong to this host, so no row is ever missing then.
   */
  change<T extends AlarmChange>(
    decide: (rows: readonly ListedProcess[], notes: NotesColumn) => T,
  ): Promise<T>;
}

export function openAlarmAdmin(database: Database, host: HostRows): AlarmAdmin {
  const { hostId } = host;
  return {
    list: () =>
      database.use(async (connection) =>
        readAll(connection, await readTableLayout(connection, host), hostId),
      ),
    change: (decide) =>
      database.use(async (connection) => {
        const layout = await readTableLayout(connection, host);
        await execute(connection, 'START TRANSACTION');
        try {
          const change = decide(await readAll(connection, layout, hostId), layout.notes);
          await write(connection, layout, hostId, change);
          await execute(connection, 'COMMIT');
          return change;
        } catch (error) {
          await execute(connection, 'ROLLBACK').catch(() => {});
          throw error;
        }
      }),
  };
}

/** Throws instead of returning a list that lacks rows: nobody would notice. */
async function readAll(
  connection: PoolConnection,
  layout: TableLayout,
  hostId: string | undefined,
): Promise<readonly ListedProcess[]> {
  const { processes, isCut } = await listProcesses(connection, layout, hostId);
  if (!isCut) return processes;
  throw new DatabaseError(`the tables have more than ${MAX_ROWS} processes`, {
    retryable: false,
    remedy: 'raise and clear alarms among so many with SQL',
  });
}

async function write(
  connection: PoolConnection,
  { schema, statusTable, hostIdIn }: TableLayout,
  hostId: string | undefined,
  { alarma, update, insert, note }: AlarmChange,
): Promise<void> {
  // The flag is part of the statement: a BIT does not accept text as a number.
  const set = note === undefined ? `s.alarma = ${alarma}` : `s.alarma = ${alarma}, s.notes = ?`;
  const values = note === undefined ? [] : [note];
  if (update.length > 0) {
    // Another host may have a row of the same process.
    const isOneHost = hostId !== undefined && hostIdIn === 'status';
    for (const ids of inLists(update)) {
      const sql = `UPDATE ${quoteIdentifier(statusTable)} AS s SET ${set}
        WHERE s.process_id IN ${ids.placeholders}${isOneHost ? ' AND s.host_id = ?' : ''}`;
      await execute(connection, sql, [...values, ...ids.values, ...(isOneHost ? [hostId] : [])]).catch(
        addGrantRemedy(connection, 'UPDATE (alarma, notes)', schema, statusTable),
      );
    }
  }
  if (insert.length > 0) {
    const columns = note === undefined ? 'process_id, alarma' : 'process_id, alarma, notes';
    const row = note === undefined ? `(?, ${alarma})` : `(?, ${alarma}, ?)`;
    const sql = `INSERT INTO ${quoteIdentifier(statusTable)} (${columns}) VALUES ${row}`;
    for (const processId of insert) {
      await execute(connection, sql, [processId, ...values]).catch(
        addGrantRemedy(connection, 'INSERT (process_id, alarma, notes)', schema, statusTable),
      );
    }
  }
}
