import type { Connection, QueryOptions, ResultSetHeader } from 'mysql2/promise';

/** Deadline of one statement, ms: a server that is frozen must not hold a cycle for ever. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/** A value of a statement. Numbers are sent as text: the driver would send them as floating point. */
type SqlValue = string | number | null;

/**
 * Runs a SELECT and returns its rows. With values it is a prepared statement: they travel apart from the text, so that
 * no `sql_mode` of the server decides where one of them ends. The server keeps each text that was ever prepared as
 * long as the connection lives, so texts come from a small, fixed set.
 */
export async function query<Row>(
  connection: Connection,
  sql: string,
  values: readonly SqlValue[],
): Promise<Row[]> {
  const rows = await run(connection, sql, values);
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

/** Runs a statement that writes, prepared as `query` does; returns the number of rows that it changed. */
export async function execute(
  connection: Connection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<number> {
  const result = (await run(connection, sql, values)) as ResultSetHeader;
  return result.affectedRows;
}

async function run(connection: Connection, sql: string, values: readonly SqlValue[]): Promise<unknown> {
  const options: QueryOptions = { sql, timeout: STATEMENT_TIMEOUT_MS };
  if (values.length === 0) return (await connection.query(options))[0];
  const texts = values.map((value) => (value === null ? null : String(value)));
  return (await connection.execute({ ...options, values: texts }))[0];
}
