import { ControlError } from '../../control/control-error.js';
import { DatabaseError } from '../../db/connection/database-error.js';
import { openAlarmAdmin } from '../../db/tables/alarm-admin.js';
import { MonitorError } from '../../domain/errors.js';
import { TimedOutError, withTimeout } from '../../lib/with-timeout.js';
import type { Log } from '../../telemetry/log/log.js';
import type { AlarmReply, AlarmRequest } from '../../web/contract/alarms.js';
import { planClear, planRaise } from '../admin/plan-alarm-change.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { LiveDatabase } from '../table/live-database.js';

interface ChangeAlarmsOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly database: Pick<LiveDatabase, 'current'>;
  readonly log: Pick<Log, 'info'>;
}

/** Deadline of the transaction, in ms. Somebody waits for the answer. */
const WRITTEN_WITHIN_MS = 10_000;
const MAX_NAMED = 5;

/**
 * Raises or clears alarms in the table as `monitor_service alarm` does: all of them or none.
 *
 * @throws ControlError
 */
export async function changeAlarms(
  what: 'raise' | 'clear',
  { names, note }: AlarmRequest,
  by: string,
  { settings, database, log }: ChangeAlarmsOptions,
): Promise<AlarmReply> {
  const plan = what === 'raise' ? planRaise : planClear;
  const admin = openAlarmAdmin(database.current.database, settings.current.monitor);
  try {
    const { changes } = await withTimeout(
      WRITTEN_WITHIN_MS,
      admin.change((rows, notes) => plan({ names: names ?? 'all', note }, rows, notes)),
    );
    const done = changes.filter(({ outcome }) => outcome !== 'raised already' && outcome !== 'not in alarm');
    for (const { processId, processName } of done.slice(0, MAX_NAMED)) {
      const name = processName ?? `process_id ${processId}`;
      log.info(name, `alarm ${what === 'raise' ? 'raised' : 'cleared'} by ${by}`);
    }
    if (done.length > MAX_NAMED) {
      const more = done.length - MAX_NAMED;
      log.info('monitor_service', `${more} more alarms ${what === 'raise' ? 'raised' : 'cleared'} by ${by}`);
    }
    return { processes: [...changes] };
  } catch (error) {
    if (error instanceof TimedOutError)
      throw new ControlError(503, 'the database does not answer', 'it may still be done: look at the alarms');
    if (error instanceof DatabaseError || !(error instanceof MonitorError))
      throw new ControlError(503, `the table cannot be changed: ${messageOf(error)}`, remedyOf(error));
    throw new ControlError(409, error.message, error.remedy);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function remedyOf(error: unknown): string | undefined {
  return error instanceof MonitorError ? error.remedy : undefined;
}
