import { type Observable, ReplaySubject } from 'rxjs';
import { ControlError } from '../../control/control-error.js';
import type { PauseReply, ResetReply, RestartLine, ResumeReply } from '../../control/replies.js';
import type { PauseRequest, ResetRequest, RestartRequest, ResumeRequest } from '../../control/requests.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { describeOpening } from '../../domain/cycle/circuit-breaker.js';
import { describePause, isOfSame, type Pause } from '../../domain/cycle/pause.js';
import { formatLocalTime } from '../../domain/local-time.js';
import type { Log } from '../../telemetry/log/log.js';
import type { AlarmPipeline } from '../alarms/alarm-pipeline.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { DisplayNames } from '../table/display-names.js';
import { findNamedRows, findRowsOfSame } from '../table/find-named-rows.js';
import type { LiveDatabase } from '../table/live-database.js';
import { REMEDY, restartLines } from './restart-lines.js';

interface AdminActionsOptions {
  readonly alarms: AlarmPipeline;
  readonly state: PersistentState;
  readonly database: LiveDatabase;
  readonly names: DisplayNames;
  readonly observers: ObserverList;
  readonly log: Log;
}

/**
 * What an administrator can make the service do. Every method rejects with a ControlError when the request cannot be
 * met.
 */
export class AdminActions {
  constructor(private readonly options: AdminActionsOptions) {}

  /** Begins a pause of one process or of all. Running cycles finish. */
  async pause({ name, forMs, reason, by }: PauseRequest): Promise<PauseReply> {
    const { state, log } = this.options;
    const warnings: string[] = [];
    const found = name === undefined ? undefined : await this.#findInTable(name, warnings);
    const since = Date.now();
    const pause: Pause = {
      since,
      by,
      ...found,
      ...(forMs === undefined ? {} : { until: since + forMs }),
      ...(reason === undefined ? {} : { reason }),
    };
    state.pauses.add(pause);
    const { processName } = pause;
    log.info(
      processName ?? 'monitor_service',
      `${processName ? '' : 'all processes '}${describePause(pause)}`,
    );
    await state.flush();
    if (state.problem !== undefined) {
      warnings.push(`the pause would not survive a restart of the service: ${state.problem}`);
    }
    return { pause, warnings };
  }

  /** Ends pauses; alarms that were raised meanwhile are handled at once. */
  async resume({ name, all, maintenance, by }: ResumeRequest): Promise<ResumeReply> {
    const { state, log } = this.options;
    const ended = state.pauses.end((pause) => {
      if (maintenance !== undefined) return pause.maintenance === maintenance;
      return all === true || isOfSame(pause.processName, name);
    });
    if (ended.length === 0) throw notPaused(name, maintenance, state.pauses.snapshot());
    for (const { processName, maintenance: ofName } of ended) {
      const from = ofName === undefined ? '' : ` from maintenance ${ofName}, which is not over`;
      log.info(
        processName ?? 'monitor_service',
        `${processName ? '' : 'all processes '}resumed by ${by}${from}`,
      );
    }
    await state.flush();
    return { ended: [...ended], left: [...state.pauses.snapshot()] };
  }

  /**
   * Closes the breakers of one process name or of all. Alarms of these processes that are still raised are handled at
   * once.
   */
  async reset({ name, by }: ResetRequest): Promise<ResetReply> {
    const { alarms, state, names } = this.options;
    const known = [...state.breakers.snapshot().keys()];
    // A reset of all works without the database too; processes then go by their ids.
    await names.lookUp(known);
    const ids = name === undefined ? known : await this.#idsOf(name, known);
    const done = ids.filter((processId) => state.resetBreaker(processId, names.nameOf(processId)));
    if (name === undefined) state.breakers.forgetAllRestarts();
    for (const processId of done) {
      alarms.release(processId);
      alarms.tell({ type: 'closed', by, processId, processName: names.nameOf(processId), at: Date.now() });
    }
    if (done.length > 0) alarms.reconcile('circuit-reset');
    await state.flush();
    return { reset: done.map((processId) => names.nameOf(processId)) };
  }

  /**
   * Begins one cycle, whether an alarm is raised or not. The lines are the events of the cycle; the last one is its
   * result.
   */
  async restart({ name, by }: RestartRequest): Promise<Observable<RestartLine>> {
    const { alarms, database, observers } = this.options;
    const [process] = await findNamedRows(name, database.current);
    const { processId, processName } = process;
    this.options.state.meet(processId, processName);
    this.#refuseHeldBack(process);
    // Events may come before the caller subscribes, so all of them are kept.
    const lines = new ReplaySubject<RestartLine>();
    const answer = alarms.requestCycle(process, by, () => {
      restartLines(observers.eventsOfCycle(processId)).subscribe(lines);
    });
    if (answer === 'begun') return lines;
    if (answer === 'stopping') throw new ControlError(503, 'the service is stopping');
    throw new ControlError(
      409,
      `a cycle of ${processName} is running already`,
      'monitor_service status shows it',
    );
  }

  /**
   * Reads the exact name and its rows from the table, also those with the other spelling, `NAME.service`. If the
   * database is away the name is taken as given: somebody may want the pause because the database is in maintenance.
   */
  async #findInTable(
    name: string,
    warnings: string[],
  ): Promise<Required<Pick<Pause, 'processName'>> & Pick<Pause, 'processIds'>> {
    try {
      const rows = await findRowsOfSame(name, this.options.database.current);
      return { processName: rows[0].processName, processIds: rows.map(({ processId }) => processId) };
    } catch (error) {
      if (!(error instanceof ControlError) || error.status !== 503) throw error;
      warnings.push(`${error.message}; the name is taken as it is`);
      return { processName: name };
    }
  }

  /**
   * Asks the database only for a name that has no breaker: breakers may be open because the database is away. Learns the
   * names that it finds: the restarts of an earlier run are counted by them.
   */
  async #idsOf(name: string, known: readonly number[]): Promise<readonly number[]> {
    const { database, names, state } = this.options;
    const ids = known.filter((processId) => names.nameOf(processId) === name);
    if (ids.length > 0) return ids;
    const rows = await findNamedRows(name, database.current);
    for (const { processId, processName } of rows) {
      names.learn(processId, processName);
      state.meet(processId, processName);
    }
    return rows.map(({ processId }) => processId);
  }

  /** The cycle itself would refuse too, but a cycle that cannot run should not be begun, logged and counted. */
  #refuseHeldBack({ processId, processName }: NamedProcess): void {
    const { pauses, breakers } = this.options.state;
    const pause = pauses.activeFor(processName, processId);
    if (pause) {
      const remedy = REMEDY.paused(pause.processName);
      throw new ControlError(409, `${processName} is ${describePause(pause)}`, remedy);
    }
    if (breakers.get(processId).state !== 'open') return;
    const { retryAt, failures, flapping } = breakers.describe(processId);
    const why = describeOpening(failures, flapping);
    throw new ControlError(
      409,
      `the circuit breaker of ${processName} is open ${flapping ? `(${why})` : why}, until ${formatLocalTime(retryAt)}`,
      REMEDY.open(processName),
    );
  }
}

function notPaused(
  name: string | undefined,
  maintenance: string | undefined,
  pauses: readonly Pause[],
): ControlError {
  if (maintenance !== undefined)
    return new ControlError(409, `no maintenance ${maintenance} runs now`, 'monitor_service pause list');
  const paused = new Set(pauses.map(({ processName }) => processName ?? 'all processes'));
  return new ControlError(
    409,
    name === undefined ? 'there is no pause of all processes' : `there is no pause of ${name} alone`,
    paused.size === 0 ? 'there is no pause at all' : `there are pauses of: ${[...paused].join(', ')}`,
  );
}
