import type { Connection } from 'mysql2/promise';
import { DatabaseError, toDatabaseError } from '../connection/database-error.js';
import { quoteAccount, readServerSettings } from '../connection/server-settings.js';
import { quoteIdentifier } from '../connection/sql-text.js';

/** The user lacks the privilege on the table, or on one of its columns. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([1142, 1143]);

/** An error handler: adds the GRANT, ready to paste, to an error about a missing privilege. */
export function addGrantRemedy(
  connection: Connection,
  privilege: string,
  schema: string,
  table: string,
): (error: unknown) => Promise<never> {
  return async (error) => {
    const failure = toDatabaseError(error);
    if (!REFUSALS.has(failure.errno)) throw failure;
    const { account } = await readServerSettings(connection);
    throw new DatabaseError(failure.message, {
      retryable: false,
      ...(failure.errno === undefined ? {} : { errno: failure.errno }),
      remedy: `GRANT ${privilege} ON ${quoteIdentifier(schema)}.${quoteIdentifier(table)} TO ${quoteAccount(account)};`,
      cause: error,
    });
  };
}
