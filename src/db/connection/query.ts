import type { Connection, QueryOptions, ResultSetHeader } from 'mysql2/promise';

/** Deadline of one statement, ms: a frozen server must not block a cycle forever. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/** A value of a statement. Numbers are sent as text, because the driver would send them as floating point. */
type SqlValue = string | number | null;

/**
 * Runs a SELECT and returns its rows. With values it is a prepared statement: values are sent apart from the text, so
 * the server's `sql_mode` cannot change where a value ends. The server keeps every prepared text as long as the
 * connection lives, so there is a small, fixed set of texts.
 */
export async function query<Row>(
  connection: Connection,
  sql: string,
  values: readonly SqlValue[],
): Promise<Row[]> {
  const rows = await run(connection, sql, values);
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

/** Runs a statement that writes, prepared like `query`. Returns the number of changed rows. */
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
