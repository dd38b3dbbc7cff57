import type { Connection } from 'mysql2/promise';
import type { DatabaseConfig } from '../../../config/config.js';
import { openDatabase } from '../../connection/database.js';

interface RelayAddress {
  readonly config: DatabaseConfig;
  readonly isList: boolean;
}

type Use = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

/** Lends a connection to a relay for some questions, and closes it. Throws DatabaseError, and what the work throws. */
export async function useRelay<R>(
  { config, isList }: RelayAddress,
  ask: (use: Use) => Promise<R>,
): Promise<R> {
  const database = openDatabase(config, { isList, takesAny: () => true });
  try {
    return await ask((work) => database.use(work));
  } finally {
    await database.close();
  }
}
