import { filter, type Observable, ReplaySubject } from 'rxjs';
import type { PauseReply, ResetReply, RestartLine, ResumeReply } from '../../control/replies.js';
import type { PauseRequest, ResetRequest, RestartRequest, ResumeRequest } from '../../control/requests.js';
import { ControlError } from '../../control/route.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { describePause, type Pause } from '../../domain/cycle/pause.js';
import { formatLocalTime } from '../../domain/local-time.js';
import type { Log } from '../../telemetry/log/log.js';
import type { AlarmPipeline } from '../alarms/alarm-pipeline.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { ProcessNames } from '../table/process-names.js';
import { findNamedRows } from './find-named-rows.js';
import { REMEDY, restartLines } from './restart-lines.js';

interface AdminActionsOptions {
  readonly alarms: AlarmPipeline;
  readonly state: PersistentState;
  readonly database: LiveDatabase;
  readonly names: ProcessNames;
  readonly observers: ObserverList;
  readonly log: Log;
}

/** What an administrator can have the service do. Every method throws ControlError where the request cannot be met. */
export class AdminActions {
  constructor(private readonly options: AdminActionsOptions) {}

  /** Begins a pause, of one process or of all. Running cycles finish. */
  async pause({ name, forMs, reason, by }: PauseRequest): Promise<PauseReply> {
    const { state, log } = this.options;
    const warnings: string[] = [];
    const processName = name === undefined ? undefined : await this.#nameInTable(name, warnings);
    const since = Date.now();
    const pause: Pause = {
      since,
      by,
      ...(processName === undefined ? {} : { processName }),
      ...(forMs === undefined ? {} : { until: since + forMs }),
      ...(reason === undefined ? {} : { reason }),
    };
    state.pauses.add(pause);
    log.info(
      processName ?? 'monitor_service',
      `${processName ? '' : 'all processes '}${describePause(pause)}`,
    );
    await state.flush();
    if (state.problem !== undefined) {
      warnings.push(`it would not survive a restart of the service: ${state.problem}`);
    }
    return { pause, warnings };
  }

  /** Ends pauses; alarms that were raised meanwhile are handled at once. */
  async resume({ name, all, by }: ResumeRequest): Promise<ResumeReply> {
    const { state, log } = this.options;
    const ended = state.pauses.end(({ processName }) => all === true || processName === name);
    if (ended.length === 0) throw notPaused(name, state.pauses.snapshot());
    for (const { processName } of ended) {
      log.info(processName ?? 'monitor_service', `${processName ? '' : 'all processes '}resumed by ${by}`);
    }
    await state.flush();
    return { ended: [...ended], left: [...state.pauses.snapshot()] };
  }

  /** Closes the breakers of one process name or of all, and has the standing alarms of their processes handled at once. */
  async reset({ name, by }: ResetRequest): Promise<ResetReply> {
    const { alarms, state, names } = this.options;
    const known = [...state.breakers.snapshot().keys()];
    // Without the database all can be reset still, under their ids.
    await names.lookUp(known);
    const ids = name === undefined ? known : await this.#idsOf(name, known);
    const done = ids.filter((processId) => state.breakers.reset(processId));
    for (const processId of done) {
      alarms.release(processId);
      alarms.tell({ type: 'closed', by, processId, processName: names.nameOf(processId), at: Date.now() });
    }
    if (done.length > 0) alarms.reconcile('circuit-reset');
    await state.flush();
    return { reset: done.map((processId) => names.nameOf(processId)) };
  }

  /** Begins one cycle, alarm or not; the lines are its events, and last how it ended. */
  async restart({ name, by }: RestartRequest): Promise<Observable<RestartLine>> {
    const { alarms, database, observers } = this.options;
    const [process] = await findNamedRows(name, database.current);
    const { processId, processName } = process;
    this.#refuseHeldBack(process);
    // Kept from the first one on, whenever they are asked for.
    const lines = new ReplaySubject<RestartLine>();
    const answer = alarms.requestCycle(process, by, () => {
      restartLines(observers.events.pipe(filter((event) => event.processId === processId))).subscribe(lines);
    });
    if (answer === 'begun') return lines;
    if (answer === 'stopping') throw new ControlError(503, 'the service is stopping');
    throw new ControlError(
      409,
      `a cycle of ${processName} is running already`,
      'monitor_service status shows it',
    );
  }

  /** Maintenance of the database itself must not be a reason against a pause: then the name is taken as it is. */
  async #nameInTable(name: string, warnings: string[]): Promise<string> {
    try {
      const [{ processName }] = await findNamedRows(name, this.options.database.current);
      return processName;
    } catch (error) {
      if (!(error instanceof ControlError) || error.status !== 503) throw error;
      warnings.push(`${error.message}; the name is taken as it is`);
      return name;
    }
  }

  /** The database is asked only for a name that no breaker has: it may be away, and breakers open because of it. */
  async #idsOf(name: string, known: readonly number[]): Promise<readonly number[]> {
    const { database, names } = this.options;
    const ids = known.filter((processId) => names.nameOf(processId) === name);
    if (ids.length > 0) return ids;
    return (await findNamedRows(name, database.current)).map(({ processId }) => processId);
  }

  /** The cycle would say so too; but no cycle that cannot run should be begun, logged and counted. */
  #refuseHeldBack({ processId, processName }: NamedProcess): void {
    const { pauses, breakers } = this.options.state;
    const pause = pauses.activeFor(processName);
    if (pause) {
      const remedy = REMEDY.paused(pause.processName);
      throw new ControlError(409, `${processName} is ${describePause(pause)}`, remedy);
    }
    if (breakers.get(processId).state !== 'open') return;
    const { retryAt, failures } = breakers.describe(processId);
    throw new ControlError(
      409,
      `the circuit breaker of ${processName} is open after ${failures} failed cycle${failures === 1 ? '' : 's'}, until ${formatLocalTime(retryAt)}`,
      REMEDY.open(processName),
    );
  }
}

function notPaused(name: string | undefined, pauses: readonly Pause[]): ControlError {
  const paused = pauses.map(({ processName }) => processName ?? 'all processes');
  return new ControlError(
    409,
    name === undefined ? 'the processes are not paused as a whole' : `${name} is not paused by itself`,
    paused.length === 0 ? 'nothing is paused' : `paused are: ${paused.join(', ')}`,
  );
}
