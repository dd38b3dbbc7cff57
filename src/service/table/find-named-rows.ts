import { ControlError } from '../../control/control-error.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { describeError } from '../../domain/errors.js';
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
  const [first, ...more] = await withTimeout(FOUND_WITHIN_MS, table.findProcesses(name)).catch(
    (error: unknown) => {
      throw new ControlError(503, `cannot look up ${name} in PROCESE: ${describeError(error)}`);
    },
  );
  if (first) return [first, ...more];
  throw new ControlError(404, `PROCESE has no process ${name}`, 'the name is the process_name of its row');
}
