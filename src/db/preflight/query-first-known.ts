import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';

const ACCESS_DENIED = 1227;
const PARSE_ERROR = 1064;

export type Row = Readonly<Record<string, string | number | null>>;

/**
 * The rows of the first of these statements that the server knows: it is spelled differently in other versions.
 * Undefined if the server knows none of them, or the account may not ask.
 *
 * @throws DatabaseError if the server fails in another way.
 */
export async function queryFirstKnown(
  connection: Connection,
  statements: readonly string[],
): Promise<readonly Row[] | undefined> {
  for (const statement of statements) {
    try {
      return await query<Row>(connection, statement, []);
    } catch (error) {
      const failure = toDatabaseError(error);
      if (failure.errno === ACCESS_DENIED) return undefined;
      if (failure.errno !== PARSE_ERROR) throw failure;
    }
  }
  return undefined;
}
