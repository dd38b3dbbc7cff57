import type { Connection } from 'mysql2/promise';
import { query } from '../connection/query.js';
import { quoteIdentifier, toText } from '../connection/sql-text.js';
import type { TableLayout } from '../tables/table-layout.js';

/** How many rows have this host_id; null: no host. */
export interface HostCount {
  readonly hostId: string | null;
  readonly rows: number;
}

/** The rows of each host, the host with the most first; none if the tables have no host_id. Only reads. */
export async function countHostRows(connection: Connection, layout: TableLayout): Promise<HostCount[]> {
  if (layout.hostIdIn === undefined) return [];
  const table = layout.hostIdIn === 'status' ? layout.statusTable : layout.processTable;
  const counts = await query<{ readonly hostId: unknown; readonly count: number }>(
    connection,
    `SELECT NULLIF(t.host_id, '') AS hostId, COUNT(*) AS count FROM ${quoteIdentifier(table)} AS t
      GROUP BY NULLIF(t.host_id, '') ORDER BY COUNT(*) DESC, hostId LIMIT ${MAX_HOSTS}`,
    [],
  );
  return counts.map(({ hostId, count }) => ({ hostId: toText(hostId), rows: Number(count) }));
}

/** More than share one table. */
const MAX_HOSTS = 20_000;
