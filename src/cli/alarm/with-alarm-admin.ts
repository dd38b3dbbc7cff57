import type { Config } from '../../config/config.js';
import type { AlarmAdmin } from '../../db/tables/alarm-admin.js';
import { readConfig } from '../shared/read-config.js';

/**
 * Runs `work` with the alarms of the configured database, then closes the connection. Throws ConfigError and whatever
 * `work` throws.
 */
export async function withAlarmAdmin<T>(
  configFile: string,
  work: (admin: AlarmAdmin, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(configFile);
  // Loaded only here, so that other commands do not wait for the database client.
  const [{ openDatabase }, { openAlarmAdmin }] = await Promise.all([
    import('../../db/connection/database.js'),
    import('../../db/tables/alarm-admin.js'),
  ]);
  const database = openDatabase(config.database);
  try {
    return await work(openAlarmAdmin(database, config.monitor), config);
  } finally {
    await database.close();
  }
}
