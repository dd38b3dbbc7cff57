import type { DatabaseConfig } from '../../config/config.js';
import { openDatabase } from '../connection/database.js';
import { DatabaseError } from '../connection/database-error.js';
import { readServerSettings } from '../connection/server-settings.js';
import { diagnosePrivileges } from './diagnose-privileges.js';
import { tableGrants } from './diagnose-table-access.js';
import type { Diagnosis } from './diagnosis.js';

const MAY_NOT_USE_DATABASE = 1044;

/**
 * For an account that has no access to its database: what it lacks. Logs in without a database to find out. Returns
 * nothing for any other `failure` of a connection. Throws DatabaseError.
 */
export async function diagnoseLogin(
  config: DatabaseConfig,
  failure: unknown,
  isWritten: boolean,
): Promise<Diagnosis[]> {
  if (!(failure instanceof DatabaseError) || failure.errno !== MAY_NOT_USE_DATABASE) return [];
  const database = openDatabase({ ...config, database: '' });
  try {
    return await database.use(async (connection) => {
      const settings = await readServerSettings(connection);
      const grants = tableGrants(config.database, settings, isWritten).join(' ');
      return [
        { severity: 'fatal', message: failure.message, remedy: grants },
        ...(await diagnosePrivileges(connection, settings)),
      ];
    });
  } finally {
    await database.close();
  }
}
