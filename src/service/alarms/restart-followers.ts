import { asyncScheduler, type Subscription } from 'rxjs';
import { ControlError } from '../../control/route.js';
import type { NamedProcess } from '../../db/tables/alarm-table.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../../telemetry/log/log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import { findNamedRows } from '../table/find-named-rows.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { AlarmPipeline } from './alarm-pipeline.js';

interface RestartFollowersOptions {
  readonly settings: LiveConfig;
  readonly state: PersistentState;
  readonly database: LiveDatabase;
  readonly alarms: AlarmPipeline;
  readonly log: Log;
}

/**
 * Begins the cycles that `restart_with` demands (R35), as `monitor_service restart` does: with or without an alarm, and
 * for the first row of the name. What cannot be begun now is tried again: when a cycle has ended, and at intervals while
 * the database is away.
 */
export class RestartFollowers implements ServiceObserver {
  #isLooking = false;
  #isDemanded = false;
  #retry: Subscription | undefined;

  constructor(private readonly options: RestartFollowersOptions) {
    options.state.owed.added.subscribe(() => this.begin());
  }

  /** Begins what is owed and can be begun now. */
  begin(): void {
    this.#isDemanded = true;
    if (!this.#isLooking) void this.#beginAll();
  }

  onCycleEnd(): void {
    if (this.options.state.owed.list().length > 0) this.begin();
  }

  onReload(): void {
    this.onCycleEnd();
  }

  stop(): void {
    this.#retry?.unsubscribe();
  }

  async #beginAll(): Promise<void> {
    this.#isLooking = true;
    while (this.#isDemanded) {
      this.#isDemanded = false;
      const found = await Promise.all(
        this.options.state.owed.list().map(({ processName }) => this.#find(processName)),
      );
      // All at once, so that those of them that have an order wait for each other.
      for (const process of found) if (process) this.#beginOne(process);
    }
    this.#isLooking = false;
  }

  #beginOne(process: NamedProcess): void {
    const { alarms, state } = this.options;
    const owed = state.owed.list().find(({ processName }) => processName === process.processName);
    if (!owed || alarms.isStopping) return;
    state.meet(process.processId, process.processName);
    // One that runs a cycle now is met again at the end of it.
    alarms.requestCycle(process, owed.with, () => {}, 'restart-with');
  }

  /** The first row of this name; undefined if it is to be left alone now. */
  async #find(processName: string): Promise<NamedProcess | undefined> {
    const { database, settings, state, log } = this.options;
    if (settings.current.processes.byName.get(processName)?.restartWith === undefined) {
      state.forgetOwed(processName);
      return undefined;
    }
    try {
      const rows = await findNamedRows(processName, database.current);
      return rows.find((row) => row.processName === processName);
    } catch (error) {
      if (error instanceof ControlError && error.status === 404) {
        log.warn(processName, `not restarted (restart_with): ${error.message}`);
        state.forgetOwed(processName);
      } else {
        log.debug(processName, `to be restarted (restart_with): ${describeError(error)}`);
        this.#retryLater();
      }
      return undefined;
    }
  }

  #retryLater(): void {
    this.#retry?.unsubscribe();
    this.#retry = asyncScheduler.schedule(
      () => this.begin(),
      this.options.settings.current.monitor.fallbackIntervalMs,
    );
  }
}
