import { displayName } from '../../domain/alarm/alarm.js';
import { admit, sectionNameOf } from '../../domain/cycle/admission.js';
import { describeError } from '../../domain/errors.js';
import { HttpError } from '../../lib/http/http-error.js';
import type { ProcessDetail } from '../../web/contract/processes.js';
import type { LiveConfig } from '../shared/live-config.js';
import { describeSettings } from './describe-settings.js';
import type { ListedProcesses } from './listed-processes.js';
import type { PastCycles } from './past-cycles.js';
import type { ProcessRows } from './process-rows.js';
import type { RecentEvents } from './recent-events.js';

interface ProcessDetailOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly list: ListedProcesses;
  readonly rows: ProcessRows;
  readonly past: PastCycles;
  readonly events: RecentEvents;
}

/**
 * Answers GET /api/process.
 *
 * @throws HttpError
 */
export async function readProcessDetail(
  { settings, list, rows, past, events }: ProcessDetailOptions,
  processId: number,
): Promise<ProcessDetail> {
  const found = await list.one(processId).catch((error: unknown) => {
    throw new HttpError(503, `the table cannot be read: ${describeError(error)}`);
  });
  if (!found) throw new HttpError(404, `there is no process with process_id ${processId}`);
  await past.load();
  const { name, isRaised, notes, sound } = found;
  const processName = displayName(processId, name);
  const { processes, monitor } = settings.current;
  const admission = admit(processName, {
    ...processes,
    ...{ exclude: monitor.exclude, onlyListed: monitor.onlyListed },
  });
  const [row] = rows.build([{ processId, processName, isRaised }], 'user');
  if (!row) throw new HttpError(404, 'there is no such process');
  return {
    ...{ row, notes, sound },
    hasSection: sectionNameOf(processName, processes) !== undefined,
    settings: describeSettings(settings.current, processName),
    ...(admission.kind === 'refused' && { refusal: admission.reason }),
    ...(admission.kind === 'excluded' && { refusal: 'it is excluded in config.ini' }),
    events: events.of(processId),
  };
}
