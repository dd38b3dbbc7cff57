import type { Config } from '../../../config/config.js';
import { secretsOf } from '../../../config/secrets-of.js';
import { askService, ControlClientError } from '../../../control/control-client.js';
import { STATUS_OF_AT_MOST } from '../../../control/requests.js';
import { STATUS_REPORT } from '../../../control/status-report.js';
import type { ListedProcess } from '../../../db/tables/list-processes.js';
import type { CycleRecord } from '../../../domain/cycle/cycle-record.js';
import { withTimeout } from '../../../lib/with-timeout.js';
import { pickProcesses } from '../../../service/admin/pick-processes.js';
import { readHistory } from '../../../state/read-history.js';
import { maskCommand } from '../../../telemetry/log/mask-command.js';
import { createMask } from '../../../telemetry/log/mask-secrets.js';
import { type DryRun, dryRun } from '../../check/dry-run/dry-run.js';
import { readTables, type TablesRead } from '../../check/dry-run/look-up-by-name.js';
import { snapshotFor } from '../../check/process/snapshot-for.js';
import { readOfflineStatus } from '../offline-status.js';
import type { AlarmFacts } from '../status-rows.js';
import { composeProcessStatus, type ProcessStatus } from './process-status.js';

interface ProcessesStatus {
  /** Why it is not running; absent if it is. */
  readonly absent?: ControlClientError;
  readonly processes: readonly ProcessStatus[];
}

/** Deadline of reading the history, in ms: a person waits, and the file may be on a mount that gives no answer (R33). */
const HISTORY_WITHIN_MS = 5000;

/**
 * Reads all that is known of these processes, by name or process_id: from the running service, else from its state file; from
 * the tables, and from the history. Changes nothing, and runs no command, no health check either.
 *
 * @throws UnknownProcessError; DatabaseError if the tables cannot be read and the service does not know one of the processes
 * either; ControlClientError for anything but a service that does not run
 */
export async function readProcessStatus(words: readonly string[], config: Config): Promise<ProcessesStatus> {
  const tables = await readTables(config);
  const listed = 'problem' in tables ? undefined : pickProcesses(words, tables.listing.processes, '');
  const ids = listed?.map(({ processId }) => processId);
  const { facts, absent } = await readFacts(config, ids);
  const picked = listed ?? pickKnown(words, facts, tables);
  const [last, view] = await Promise.all([lastCycles(config, picked), snapshotFor(config)]);
  const processes: ProcessStatus[] = [];
  for (const row of picked) {
    const lastCycle = last.get(row.processId);
    const run =
      row.name === null ? undefined : await dryRun(row.name, config, { health: false, view, tables });
    const onAlarm = run && withoutSecrets(run, config);
    const more = { ...(lastCycle && { lastCycle }), ...(onAlarm && { onAlarm }) };
    processes.push(composeProcessStatus(row, facts, config, Date.now(), more));
  }
  return { processes, ...(absent && { absent }) };
}

/** A status is shown to more people, and kept by more programs, than a dry run: what looks like a secret is masked (R24). */
function withoutSecrets({ steps, ...run }: DryRun, config: Config): DryRun {
  const mask = createMask(secretsOf(config));
  return {
    ...run,
    steps: steps.map(({ step, lines }) => ({ step, lines: lines.map((line) => mask(maskCommand(line))) })),
  };
}

/** Of these process_ids, because a report of all is cut where there are many. Undefined: of all. */
async function readFacts(
  config: Config,
  only: readonly number[] | undefined,
): Promise<{ facts: AlarmFacts; absent?: ControlClientError }> {
  if (only && only.length > STATUS_OF_AT_MOST)
    throw new ControlClientError('invalid', `at most ${STATUS_OF_AT_MOST} processes at once`, {
      remedy: 'monitor_service status --json has all that are in alarm or failing',
    });
  const path = only ? `/status?process=${only.join(',')}` : '/status';
  try {
    const { controlSocket } = config.monitor;
    return { facts: await askService(controlSocket, 'GET', path, undefined, STATUS_REPORT) };
  } catch (error) {
    if (!(error instanceof ControlClientError) || error.failure !== 'absent') throw error;
    return { facts: await readOfflineStatus(config), absent: error };
  }
}

/** Without the tables, what the service knows by name must do: that is when somebody looks. */
function pickKnown(
  words: readonly string[],
  facts: AlarmFacts,
  tables: TablesRead,
): readonly ListedProcess[] {
  const known = [...facts.alarms, ...(facts.cycles ?? []), ...facts.breakers];
  try {
    return pickProcesses(words, known.map(toUnread), '');
  } catch (error) {
    throw 'problem' in tables ? tables.problem : error;
  }
}

function toUnread({
  processId,
  processName: name,
}: Pick<AlarmFacts['breakers'][number], 'processId' | 'processName'>): ListedProcess {
  const unread = { hasProcessRow: true, hasStatusRow: true, isRaised: false };
  return { processId, name, ...unread, sound: null, notes: null };
}

/** The last cycle of each process. What cannot be read is as if it were empty: `history` says why. */
async function lastCycles(
  { monitor }: Config,
  picked: readonly ListedProcess[],
): Promise<ReadonlyMap<number, CycleRecord>> {
  const names = new Map(picked.map(({ processId, name }) => [processId, name]));
  const last = new Map<number, CycleRecord>();
  const read = async (): Promise<void> => {
    for await (const record of readHistory(monitor.historyFile)) {
      const { processId, processName, verdict } = record;
      // A process_id may have belonged to another process.
      if (names.get(processId) === processName && verdict !== 'escalated') last.set(processId, record);
    }
  };
  await withTimeout(HISTORY_WITHIN_MS, read()).catch(() => {});
  return last;
}
