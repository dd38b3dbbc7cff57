import { randomBytes } from 'node:crypto';
import type { PoolConnection } from 'mysql2/promise';
import type { PageKey, StandingPage } from '../../domain/alarm/standing-page.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { Database } from '../connection/database.js';
import { toDatabaseError } from '../connection/database-error.js';
import { inLists } from '../connection/in-list.js';
import { execute, query } from '../connection/query.js';
import { quoteIdentifier, toText } from '../connection/sql-text.js';
import type { HostRows } from './host-rows.js';
import { type Condition, selectStanding } from './select-standing.js';
import { readTableLayout, type TableLayout } from './table-layout.js';

/** A row of PROCESE. */
export interface NamedProcess {
  readonly processId: number;
  readonly processName: string;
}

/**
 * The two tables, as the service reads and writes them; what the `alarm` commands write is in alarm-admin.ts. Every
 * method is one try; all throw DatabaseError. Statements that write carry a mark, by which we recognise them in a
 * binlog in STATEMENT or MIXED format.
 */
export interface AlarmTable {
  /** Reads the layout again; it is read on first use anyway. */
  readLayout(): Promise<TableLayout>;
  /** The layout last read. */
  readonly layout: TableLayout | undefined;
  /**
   * The first PAGE_ROWS raised alarms behind this process_id. Leaves out rows whose process_id a number cannot hold
   * exactly; `unreadableIds` has them then. `namesBefore`: see `selectStanding`.
   */
  readStanding(
    after?: PageKey,
    namesBefore?: (names: readonly string[]) => readonly string[],
  ): Promise<StandingPage>;
  /** How many alarms are raised. */
  countStanding(): Promise<number>;
  /** Of the last page of raised alarms: process_ids that are not safe integers, as text. */
  readonly unreadableIds: readonly string[];
  /** Names by process_id; without a row in PROCESE the process is absent. */
  readNames(processIds: readonly number[]): Promise<ReadonlyMap<number, KnownProcess>>;
  /**
   * The processes with this name, only of this host if the tables have a host_id. Compared as the column does; if there
   * are exact matches, only these.
   */
  findProcesses(processName: string): Promise<readonly NamedProcess[]>;
  isRaised(processId: number): Promise<boolean>;
  /** Which of these are raised. */
  readRaised(processIds: readonly number[]): Promise<ReadonlyMap<number, true>>;
  /** R12: clears the alarm if it is raised. Returns whether a row was changed. */
  clear(processId: number, notes: string): Promise<boolean>;
  /** Writes a note beside a raised alarm. */
  note(processId: number, notes: string): Promise<boolean>;
  /** Raises an alarm again that our own clear overwrote. */
  raise(processId: number, notes: string): Promise<boolean>;
  /** The process_id of one of our own statements; undefined for any other statement. */
  parseOwnStatement(statement: string): number | undefined;
}

export function openAlarmTable(database: Database, host: HostRows): AlarmTable {
  const { hostId } = host;
  // Random, so that nobody else can write a statement that looks like ours.
  const mark = `monitor_service ${randomBytes(6).toString('hex')}`;
  const ownStatement = new RegExp(`/\\* ${mark} \\*/.*? IF\\(s\\.process_id = '?(-?\\d+)'?,`, 's');
  let layout: TableLayout | undefined;
  /** False while the layout is read again, and after that has failed: no statement uses an outdated layout. */
  let isLayoutCurrent = false;
  let layoutReadAt = Number.NEGATIVE_INFINITY;
  /** How many readings of the layout have begun, which of them the layout is from, and which are too old since it was doubted. */
  let readings = 0;
  let taken = 0;
  let tooOld = 0;
  let unreadableIds: readonly string[] = [];

  // The last layout is kept in the meantime: a note that is written now is cut to the width of its notes column.
  const readLayout = async (connection: PoolConnection): Promise<TableLayout> => {
    readings += 1;
    const reading = readings;
    const begunAt = performance.now();
    const read = await readTableLayout(connection, host);
    // One that began later may have seen an ALTER TABLE that this one has not.
    if (layout && reading < taken) return layout;
    layout = read;
    taken = reading;
    layoutReadAt = begunAt;
    isLayoutCurrent = reading > tooOld;
    return read;
  };
  const doubtLayout = (): void => {
    isLayoutCurrent = false;
    tooOld = readings;
  };

  const useLayout = <T>(work: (connection: PoolConnection, layout: TableLayout) => Promise<T>): Promise<T> =>
    database.use(async (connection) => {
      if (!layout || !isLayoutCurrent) return work(connection, await readLayout(connection));
      try {
        return await work(connection, layout);
      } catch (error) {
        if (!LAYOUT_ERRORS.has(toDatabaseError(error).errno)) throw error;
        doubtLayout();
        return work(connection, await readLayout(connection));
      }
    });

  const onlyThisHost = (
    alias: 'status' | 'process',
    { hostIdIn }: TableLayout,
  ): [string, readonly string[]] =>
    hostId !== undefined && hostIdIn === alias ? [` AND ${alias[0]}.host_id = ?`, [hostId]] : ['', []];

  // `+ 0` prevents the use of the index on alarma. MariaDB would lock its index entry before the row, a statement that
  // raises an alarm locks them in the other order, and one of the two would lose a deadlock. `alarma` is set by an IF
  // that is always true, so that the process_id is the first value in the text: a binlog in STATEMENT format shows the
  // values inline, and later ones, such as the notes, may be anything.
  const write = (alarma: string, whereAlarma: string, processId: number, notes: string): Promise<boolean> =>
    useLayout(async (connection, current) => {
      const [hostClause, hostValues] = onlyThisHost('status', current);
      const changed = await execute(
        connection,
        `UPDATE /* ${mark} */ ${quoteIdentifier(current.statusTable)} AS s
          SET s.alarma = IF(s.process_id = ?, ${alarma}, s.alarma), s.notes = ?
          WHERE s.process_id = ? AND ${whereAlarma}${hostClause}`,
        [processId, notes, processId, ...hostValues],
      );
      return changed > 0;
    });

  return {
    get layout() {
      return layout;
    },
    get unreadableIds() {
      return unreadableIds;
    },
    readLayout: () => {
      doubtLayout();
      return database.use(readLayout);
    },
    readStanding: (after, namesBefore = () => []) => {
      // While the stream is down, an ALTER TABLE goes unnoticed.
      if (performance.now() - layoutReadAt > LAYOUT_LIFETIME_MS) doubtLayout();
      return useLayout(async (connection, current) => {
        const [statusClause, statusValues] = onlyThisHost('status', current);
        const [processClause, processValues] = onlyThisHost('process', current);
        const ofThisHost: Condition = [statusClause + processClause, [...statusValues, ...processValues]];
        const selected = await selectStanding(connection, current, ofThisHost, after, namesBefore);
        unreadableIds = selected.unreadableIds;
        return selected.page;
      });
    },
    countStanding: () =>
      useLayout(async (connection, current) => {
        const [statusClause, statusValues] = onlyThisHost('status', current);
        const [processClause, processValues] = onlyThisHost('process', current);
        const join =
          processClause &&
          `LEFT JOIN ${quoteIdentifier(current.processTable)} AS p ON p.process_id = s.process_id`;
        const [row] = await query<{ readonly count: number }>(
          connection,
          `SELECT COUNT(*) AS count FROM ${quoteIdentifier(current.statusTable)} AS s ${join}
            WHERE s.alarma = 1${statusClause}${processClause}`,
          [...statusValues, ...processValues],
        );
        return Number(row?.count ?? 0);
      }),
    readNames: (processIds) =>
      useLayout(async (connection, current) => {
        const isOurs = hostId !== undefined && current.hostIdIn === 'process' ? 'p.host_id = ?' : '1';
        const names = new Map<number, KnownProcess>();
        for (const { placeholders, values } of inLists(processIds)) {
          const rows = await query<NameRow>(
            connection,
            `SELECT p.process_id AS processId, p.process_name AS processName, ${isOurs} AS isOurs
              FROM ${quoteIdentifier(current.processTable)} AS p WHERE p.process_id IN ${placeholders}`,
            isOurs === '1' || hostId === undefined ? values : [hostId, ...values],
          );
          for (const { processId, processName, isOurs: ours } of rows)
            names.set(processId, { name: toText(processName) ?? '', isOurs: Number(ours) === 1 });
        }
        return names;
      }),
    findProcesses: (processName) =>
      useLayout(async (connection, current) => {
        const [processClause, processValues] = onlyThisHost('process', current);
        const [statusClause, statusValues] = onlyThisHost('status', current);
        const ofThisHost =
          statusClause &&
          ` AND EXISTS (SELECT 1 FROM ${quoteIdentifier(current.statusTable)} AS s WHERE s.process_id = p.process_id${statusClause})`;
        const rows = await query<NameRow>(
          connection,
          `SELECT p.process_id AS processId, p.process_name AS processName
            FROM ${quoteIdentifier(current.processTable)} AS p
            WHERE p.process_name = ?${processClause}${ofThisHost} ORDER BY p.process_id`,
          [processName, ...processValues, ...statusValues],
        );
        const found = rows.map((row) => ({
          processId: row.processId,
          processName: toText(row.processName) ?? '',
        }));
        const exact = found.filter((row) => row.processName === processName);
        return exact.length > 0 ? exact : found;
      }),
    isRaised: (processId) =>
      useLayout(async (connection, current) => {
        const [hostClause, hostValues] = onlyThisHost('status', current);
        const rows = await query(
          connection,
          `SELECT 1 FROM ${quoteIdentifier(current.statusTable)} AS s WHERE s.process_id = ? AND s.alarma = 1${hostClause}`,
          [processId, ...hostValues],
        );
        return rows.length > 0;
      }),
    readRaised: (processIds) =>
      useLayout(async (connection, current) => {
        const [hostClause, hostValues] = onlyThisHost('status', current);
        const raised = new Map<number, true>();
        for (const { placeholders, values } of inLists(processIds)) {
          const rows = await query<{ readonly processId: number }>(
            connection,
            `SELECT s.process_id AS processId FROM ${quoteIdentifier(current.statusTable)} AS s
              WHERE s.process_id IN ${placeholders} AND s.alarma = 1${hostClause}`,
            [...values, ...hostValues],
          );
          for (const { processId } of rows) raised.set(processId, true);
        }
        return raised;
      }),
    clear: (processId, notes) => write('0', 's.alarma + 0 = 1', processId, notes),
    note: (processId, notes) => write('s.alarma', 's.alarma + 0 = 1', processId, notes),
    raise: (processId, notes) => write('1', 's.alarma + 0 = 0', processId, notes),
    parseOwnStatement: (statement) => {
      const found = ownStatement.exec(statement)?.[1];
      return found === undefined ? undefined : Number(found);
    },
  };
}

const LAYOUT_LIFETIME_MS = 60_000;
/** No such column, no such table, data too long: the tables have changed since we read their layout. */
const LAYOUT_ERRORS: ReadonlySet<number | undefined> = new Set([1054, 1146, 1406]);

interface NameRow {
  readonly processId: number;
  readonly processName: unknown;
  readonly isOurs?: unknown;
}
