import { asyncScheduler, type Subscription } from 'rxjs';
import { ControlError } from '../../control/control-error.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../../telemetry/log/log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import { findNamedRows } from '../table/find-named-rows.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { AlarmPipeline } from './alarm-pipeline.js';

interface RestartFollowersOptions {
  readonly settings: Pick<LiveConfig, 'current'>;
  readonly state: Pick<PersistentState, 'owed' | 'meet' | 'forgetOwed'>;
  readonly database: Pick<LiveDatabase, 'current'>;
  readonly alarms: Pick<AlarmPipeline, 'isStopping' | 'requestCycle'>;
  readonly log: Pick<Log, 'warn' | 'debug'>;
}

/**
 * Begins the cycles that `restart_with` demands (R35), as `monitor_service restart` does: with or without an alarm, and
 * for the first row of the name. What cannot be begun now is tried again: when a cycle has ended, and at intervals while
 * the database is away or the health of a process cannot be told.
 */
export class RestartFollowers implements ServiceObserver {
  #isLooking = false;
  #isDemanded = false;
  #isStopped = false;
  #retry: Subscription | undefined;
  /** Those whose health could not be told: at once it could not be told again. */
  readonly #untold = new Set<string>();

  constructor(private readonly options: RestartFollowersOptions) {
    options.state.owed.added.subscribe(() => {
      this.#untold.clear();
      this.begin();
    });
  }

  /** Begins what is owed and can be begun now. */
  begin(): void {
    this.#isDemanded = true;
    if (!this.#isLooking) void this.#beginAll();
  }

  onEvent(event: CycleEvent): void {
    const { processName } = event;
    if (event.type !== 'exhausted' || event.attempts > 0) return;
    if (!this.options.state.owed.isFromEarlierRun(processName)) return;
    this.#untold.add(processName);
    this.#retryLater();
  }

  onCycleEnd(): void {
    if (this.options.state.owed.list().length > 0) this.begin();
  }

  onReload(): void {
    this.onCycleEnd();
  }

  stop(): void {
    this.#isStopped = true;
    this.#retry?.unsubscribe();
  }

  async #beginAll(): Promise<void> {
    this.#isLooking = true;
    while (this.#isDemanded) {
      this.#isDemanded = false;
      const names = this.options.state.owed.list().map(({ processName }) => processName);
      const found = await Promise.all(
        names.filter((name) => !this.#untold.has(name)).map((name) => this.#find(name)),
      );
      // All at once, so that those of them that have an order wait for each other.
      for (const process of found) if (process) this.#beginOne(process);
    }
    this.#isLooking = false;
  }

  #beginOne(process: NamedProcess): void {
    const { alarms, state } = this.options;
    const owed = state.owed.list().find(({ processName }) => processName === process.processName);
    if (!owed || this.#untold.has(owed.processName) || alarms.isStopping) return;
    // A reload during the look-up: the look that follows it forgets what is owed.
    if (!this.#isFollower(owed.processName)) return;
    state.meet(process.processId, process.processName);
    // One that runs a cycle now is met again at the end of it.
    alarms.requestCycle(process, owed.with, () => {}, 'restart-with');
  }

  /** The first row of this name; undefined if it is to be left alone now. */
  async #find(processName: string): Promise<NamedProcess | undefined> {
    const { database, state, log } = this.options;
    if (!this.#isFollower(processName)) {
      state.forgetOwed(processName);
      return undefined;
    }
    try {
      const rows = await findNamedRows(processName, database.current);
      // The database may compare without regard to case.
      const exact = rows.find((row) => row.processName === processName);
      if (!exact) this.#giveUp(processName, `PROCESE has no process ${processName}, only ${namesOf(rows)}`);
      return exact;
    } catch (error) {
      if (error instanceof ControlError && error.status === 404) this.#giveUp(processName, error.message);
      else {
        log.debug(processName, `to be restarted (restart_with): ${describeError(error)}`);
        this.#retryLater();
      }
      return undefined;
    }
  }

  #isFollower(processName: string): boolean {
    const { byName } = this.options.settings.current.processes;
    return byName.get(processName)?.restartWith !== undefined;
  }

  #giveUp(processName: string, reason: string): void {
    this.options.log.warn(processName, `not restarted (restart_with): ${reason}`);
    this.options.state.forgetOwed(processName);
  }

  #retryLater(): void {
    this.#retry?.unsubscribe();
    if (this.#isStopped) return;
    this.#retry = asyncScheduler.schedule(() => {
      this.#untold.clear();
      this.begin();
    }, this.options.settings.current.monitor.fallbackIntervalMs);
  }
}

function namesOf(rows: readonly NamedProcess[]): string {
  return [...new Set(rows.map(({ processName }) => processName))].join(', ');
}
