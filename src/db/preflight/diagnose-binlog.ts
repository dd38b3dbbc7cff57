import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { isOn, readServerSettings } from '../connection/server-settings.js';
import { diagnoseBinlogScope } from './diagnose-binlog-scope.js';
import { diagnosePrivileges } from './diagnose-privileges.js';
import { diagnoseSettings } from './diagnose-settings.js';
import type { Diagnosis } from './diagnosis.js';

/**
 * What prevents or impairs streaming the changes of this database, on this server and for this user (R6). The most
 * serious first; empty if all is well. A relay is only streamed from (R38): it may be read-only, and must write what it
 * replicates to its binlog. Only reads; needs no privilege itself.
 *
 * @throws DatabaseError if the server cannot be asked.
 */
export async function diagnoseBinlog(
  connection: Connection,
  database: string,
  { isRelay = false } = {},
): Promise<readonly Diagnosis[]> {
  try {
    const settings = await readServerSettings(connection);
    const found = diagnoseSettings(settings).filter(({ isAboutWriting }) => !(isRelay && isAboutWriting));
    found.push(...(await diagnosePrivileges(connection, settings)));
    if (isOn(settings, 'log_bin'))
      found.push(...(await diagnoseBinlogScope(connection, database, settings, isRelay)));
    return [
      ...found.filter(({ severity }) => severity !== 'warning'),
      ...found.filter(({ severity }) => severity === 'warning'),
    ];
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** One line: why there can be no stream, and what to do. Undefined if the diagnoses do not rule it out. */
export function streamBlockers(diagnoses: readonly Diagnosis[]): string | undefined {
  const fatal = diagnoses.filter(({ severity }) => severity !== 'warning');
  if (fatal.length === 0) return undefined;
  // A GRANT to paste ends with a semicolon, which also separates the reasons.
  return fatal.map(({ message, remedy }) => `${message}; ${remedy.replace(/;$/, '')}`).join('; ');
}
