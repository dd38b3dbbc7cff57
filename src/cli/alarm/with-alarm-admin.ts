import type { Config } from '../../config/config.js';
import { openDatabase } from '../../db/connection/database.js';
import { type AlarmAdmin, openAlarmAdmin } from '../../db/tables/alarm-admin.js';
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
  const database = openDatabase(config.database);
  try {
    return await work(openAlarmAdmin(database, config.monitor), config);
  } finally {
    await database.close();
  }
}
