import { ControlError } from '../../control/control-error.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { describeError } from '../../domain/errors.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { DataSource } from './live-database.js';

/** Deadline of the look-up, in ms. An administrator waits for the answer. */
const FOUND_WITHIN_MS = 5000;

/**
 * Finds the processes of this name in PROCESE: at least one.
 *
 * @throws ControlError 404 if there is none, 503 if the database cannot be asked.
 */
export async function findNamedRows(
  name: string,
  { table }: DataSource,
): Promise<readonly [NamedProcess, ...NamedProcess[]]> {
  return findRows(name, [name], table);
}

/** The same for every spelling of the name: `mysqld.service` is `mysqld`. Those of the given spelling come first. */
export async function findRowsOfSame(
  name: string,
  { table }: DataSource,
): Promise<readonly [NamedProcess, ...NamedProcess[]]> {
  const bare = normalizeUnitName(name);
  return findRows(name, [name, bare === name ? `${bare}.service` : bare], table);
}

async function findRows(
  name: string,
  spellings: readonly string[],
  table: DataSource['table'],
): Promise<readonly [NamedProcess, ...NamedProcess[]]> {
  const asked = Promise.all(spellings.map((spelling) => table.findProcesses(spelling)));
  const [first, ...more] = (
    await withTimeout(FOUND_WITHIN_MS, asked).catch((error: unknown) => {
      throw new ControlError(503, `cannot look up ${name} in PROCESE: ${describeError(error)}`);
    })
  ).flat();
  if (first) return [first, ...more];
  throw new ControlError(404, `PROCESE has no process ${name}`, 'the name is the process_name of its row');
}
