import type { Config } from '../../config/config.js';
import { openDatabase } from '../../db/connection/database.js';
import { type AlarmDesk, openAlarmDesk } from '../../db/tables/alarm-admin.js';
import { readConfig } from '../shared/read-config.js';

/** Does something with the alarms of the configured database. Throws ConfigError, and what the work throws. */
export async function atDesk<T>(
  configFile: string,
  work: (desk: AlarmDesk, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(configFile);
  const database = openDatabase(config.database);
  try {
    return await work(openAlarmDesk(database, config.monitor.hostId), config);
  } finally {
    await database.close();
  }
}
