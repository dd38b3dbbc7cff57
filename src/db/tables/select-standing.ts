import type { Connection } from 'mysql2/promise';
import { type PageKey, StandingPage } from '../../domain/alarm/standing-page.js';
import type { StandingAlarm } from '../../domain/alarm/table-rows.js';
import { inLists } from '../connection/in-list.js';
import { query } from '../connection/query.js';
import { quoteIdentifier, toText } from '../connection/sql-text.js';
import type { TableLayout } from './table-layout.js';

/** A page is a few ms of work for us and for the server. */
export const PAGE_ROWS = 500;

/** A condition and its values. All but the first one begin with ` AND `. */
export type Condition = readonly [clause: string, values: readonly (string | number)[]];

/**
 * The raised alarms behind this process_id that meet the condition, at most PAGE_ROWS of them. `namesBefore`: the names of
 * the processes that go before some of these (R35); their alarms come with the page, although their rows are behind it.
 */
export async function selectStanding(
  connection: Connection,
  layout: TableLayout,
  condition: Condition,
  after: PageKey | undefined,
  namesBefore: (names: readonly string[]) => readonly string[],
): Promise<{ readonly page: StandingPage; readonly unreadableIds: readonly string[] }> {
  const rows = await selectRows(connection, layout, [isRaised(after), condition]);
  const alarms = rows.flatMap(toAlarm);
  const upTo = rows.length < PAGE_ROWS ? undefined : rows.at(-1)?.processId;
  const before: StandingAlarm[] = [];
  if (upTo !== undefined) {
    const names = namesBefore(alarms.flatMap(({ processName }) => processName ?? []));
    for (const { placeholders, values } of inLists(names)) {
      const named: Condition = [` AND p.process_name IN ${placeholders}`, values];
      before.push(
        ...(await selectRows(connection, layout, [isRaised(upTo), condition, named])).flatMap(toAlarm),
      );
    }
  }
  return {
    page: new StandingPage(alarms, { after, upTo }, before),
    unreadableIds: rows.flatMap(({ processId }) => (isExact(processId) ? [] : [String(processId)])),
  };
}

function selectRows(
  connection: Connection,
  layout: TableLayout,
  conditions: readonly Condition[],
): Promise<StandingRow[]> {
  return query<StandingRow>(
    connection,
    `SELECT s.process_id AS processId, p.process_name AS processName, s.notes AS notes
      FROM ${quoteIdentifier(layout.statusTable)} AS s
      LEFT JOIN ${quoteIdentifier(layout.processTable)} AS p ON p.process_id = s.process_id
      WHERE ${conditions.map(([clause]) => clause).join('')}
      ORDER BY s.process_id LIMIT ${PAGE_ROWS}`,
    conditions.flatMap(([, values]) => values),
  );
}

/**
 * Two comparisons in place of `alarma = 1`, for which MariaDB takes the whole part of the index that is equal (`ref`):
 * each page would cost as much as all pages before it. A range begins behind the last page. MariaDB may take the range
 * of the primary key: then all pages together cost no more than one reading of the whole table.
 */
function isRaised(after: PageKey | undefined): Condition {
  return after === undefined
    ? ['s.alarma = 1', []]
    : ['s.alarma >= 1 AND s.alarma <= 1 AND s.process_id > ?', [after]];
}

function toAlarm({ processId, processName, notes }: StandingRow): StandingAlarm[] {
  return isExact(processId) ? [{ processId, processName: toText(processName), notes: toText(notes) }] : [];
}

function isExact(processId: PageKey): processId is number {
  return Number.isSafeInteger(processId);
}

interface StandingRow {
  readonly processId: PageKey;
  readonly processName: unknown;
  readonly notes: unknown;
}
