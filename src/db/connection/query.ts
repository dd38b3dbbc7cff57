import type { Connection, QueryOptions } from 'mysql2/promise';

/** Deadline of one statement, ms: a server that is frozen must not hold a cycle for ever. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/** Runs a SELECT and returns its rows; values are escaped by the driver. */
export async function query<Row>(
  connection: Connection,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const options: QueryOptions = { sql, values: [...values], timeout: STATEMENT_TIMEOUT_MS };
  const [rows] = await connection.query(options);
  return Array.isArray(rows) ? (rows as Row[]) : [];
}
