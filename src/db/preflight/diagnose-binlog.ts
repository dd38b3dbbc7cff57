import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { isOn, readServerSettings } from '../connection/server-settings.js';
import { diagnoseBinlogScope } from './diagnose-binlog-scope.js';
import { diagnosePrivileges } from './diagnose-privileges.js';
import { diagnoseSettings } from './diagnose-settings.js';
import type { Diagnosis } from './diagnosis.js';

/**
 * What keeps the changes of this database from being streamed, or from being streamed well, on this server and for
 * this user (R6); the gravest first, nothing where all is well. Reads only; needs no privilege itself.
 *
 * @throws DatabaseError where the server cannot be asked.
 */
export async function diagnoseBinlog(
  connection: Connection,
  database: string,
): Promise<readonly Diagnosis[]> {
  try {
    const settings = await readServerSettings(connection);
    const found = diagnoseSettings(settings);
    found.push(...(await diagnosePrivileges(connection, settings)));
    if (isOn(settings, 'log_bin')) found.push(...(await diagnoseBinlogScope(connection, database, settings)));
    return [
      ...found.filter(({ severity }) => severity !== 'warning'),
      ...found.filter(({ severity }) => severity === 'warning'),
    ];
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** One line: why there can be no stream, and what to do; undefined where the diagnoses leave it possible. */
export function streamBlockers(diagnoses: readonly Diagnosis[]): string | undefined {
  const fatal = diagnoses.filter(({ severity }) => severity !== 'warning');
  if (fatal.length === 0) return undefined;
  // A GRANT to be pasted ends with the sign that parts one reason from what follows.
  return fatal.map(({ message, remedy }) => `${message}; ${remedy.replace(/;$/, '')}`).join('; ');
}
