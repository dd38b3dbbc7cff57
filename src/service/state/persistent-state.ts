import { asyncScheduler, skip } from 'rxjs';
import { breakerLimits } from '../../config/breaker-limits.js';
import type { Alarm } from '../../domain/alarm/alarm.js';
import { HandledAlarms } from '../../domain/alarm/handled-alarms.js';
import type { StandingPage } from '../../domain/alarm/standing-page.js';
import { systemNameOf } from '../../domain/cycle/admission.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { followersOf } from '../../domain/cycle/followers-of.js';
import type { ServerChange } from '../../domain/database-server.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { Breakers } from '../../state/breakers.js';
import { OwedRestarts } from '../../state/owed-restarts.js';
import { Pauses } from '../../state/pauses.js';
import { type ChangedIdentity, ProcessIdentities } from '../../state/process-identities.js';
import { RecentClears } from '../../state/recent-clears.js';
import type { SavedState } from '../../state/saved-state.js';
import { loadStateFile } from '../../state/state-file.js';
import { StateStore } from '../../state/state-store.js';
import { UnconfirmedClears } from '../../state/unconfirmed-clears.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { logMaintenance, logPauseEnd } from './log-pauses.js';

/**
 * Loads the state of an earlier run and saves every change from then on. Never rejects: if the file cannot be read
 * the service starts with an empty state.
 */
export async function openPersistentState(settings: LiveConfig, log: Log): Promise<PersistentState> {
  const file = settings.current.monitor.stateFile;
  const saved = await loadStateFile(file, (problem) => log.warn('monitor_service', problem));
  return new PersistentState(file, saved, settings, log);
}

/** The state that survives a restart of the service (R11). */
export class PersistentState implements ServiceObserver {
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly answered: HandledAlarms;
  readonly unconfirmed: UnconfirmedClears;
  /** Change it by `forgetOwed`. */
  readonly owed: OwedRestarts;
  readonly #recentClears: RecentClears;
  readonly #identities: ProcessIdentities;
  readonly #store: StateStore;
  #mayServerWrite = true;

  /** `file`: a new path in the configuration takes effect at the next start. */
  constructor(
    file: string,
    saved: SavedState,
    private readonly settings: LiveConfig,
    log: Log,
  ) {
    this.breakers = new Breakers(
      () => breakerLimits(settings.current),
      asyncScheduler,
      saved.breakers,
      saved.restarts,
    );
    settings
      .changes(breakerLimits)
      .pipe(skip(1))
      .subscribe(() => this.breakers.reschedule());
    this.pauses = new Pauses(asyncScheduler, saved.pauses, saved.endedRuns);
    this.pauses.ended.subscribe((end) => logPauseEnd(end, log));
    logMaintenance(this.pauses.maintenance, log);
    settings
      .changes(({ maintenance }) => maintenance)
      .subscribe((next) => this.pauses.maintenance.replace(next));
    this.answered = new HandledAlarms(saved.answered, saved.answeredIsCut);
    // The alarm of a verified process may have been cleared just after the last write of the file.
    const followers = (processName: string): readonly string[] =>
      followersOf(processName, settings.current.processes.byName);
    // So may that of one without a verdict, and then nothing else tells that others are restarted with it.
    const followed = [...saved.unproven].filter(([id]) => followers(saved.names.get(id) ?? '').length > 0);
    const cleared = [...followed, ...saved.verified, ...saved.unconfirmed];
    this.unconfirmed = new UnconfirmedClears(new Map(cleared));
    this.owed = new OwedRestarts(followers, saved.owed);
    this.#recentClears = new RecentClears(saved.recentClears);
    this.#identities = new ProcessIdentities(saved.names);
    this.#identities.renamed.subscribe((renaming) => this.#forget(renaming, log));
    const outage = new OutageLog(log, Date.now);
    this.#store = new StateStore({
      file,
      breakers: this.breakers,
      pauses: this.pauses,
      answered: this.answered,
      unconfirmed: this.unconfirmed,
      identities: this.#identities,
      owed: this.owed,
      recentClears: this.#recentClears,
      verified: saved.verified,
      unproven: saved.unproven,
      onFailure: (problem) =>
        outage.lost(
          problem,
          `cannot write the state file: ${problem}; breakers and pauses would not survive a restart`,
        ),
      onSuccess: () => outage.back(() => 'the state file can be written again'),
    });
  }

  /** Why the last write of the state file failed; undefined if it did not. */
  get problem(): string | undefined {
    return this.#store.problem;
  }

  /** How many processes were verified as healthy and may not have been cleared yet. */
  get pendingClears(): number {
    return this.#store.pendingClears;
  }

  /**
   * Whether this run or an earlier one verified the process as healthy, in a cycle that may not have cleared its
   * alarm, or not on the database server that is used now.
   */
  wasVerified(processId: number): boolean {
    return (
      this.#store.wasVerified(processId) ||
      this.unconfirmed.isFromEarlierRun(processId) ||
      this.isClearInDoubt(processId)
    );
  }

  /** Whether its alarm was cleared just before another server was used, which may lack the clear (R37). */
  isClearInDoubt(processId: number): boolean {
    return this.#recentClears.isDoubtful(processId);
  }

  /** Whether the process was restarted in a cycle that ended without a verdict (R30). */
  isUnproven(processId: number): boolean {
    return this.#store.isUnproven(processId);
  }

  /** Whether an earlier run has restarted this process for `restart_with`, and ended before its verdict (R35). */
  wasRestartedWith({ trigger, processId, processName }: Alarm): boolean {
    const isOwed = trigger === 'restart-with' && !!processName && this.owed.isFromEarlierRun(processName);
    return isOwed && this.isUnproven(processId);
  }

  /** Nothing restarts this process with another any more. */
  forgetOwed(processName: string): void {
    this.#store.forgetOwed(processName);
  }

  /** Resets the breaker for an administrator. Returns false if there was nothing to forget. */
  resetBreaker(processId: number, processName: string): boolean {
    const systemName = systemNameOf(processName, this.settings.current.processes);
    return this.breakers.reset({ processId, systemName: normalizeUnitName(systemName) });
  }

  /** The present name of this process_id in PROCESE. What was kept for it under another name belongs to another process. */
  meet(processId: number, processName: string): void {
    this.#identities.meet(processId, processName);
  }

  onEvent(event: CycleEvent): void {
    // First: what the others change is written, and this with it.
    this.#recentClears.onEvent(event);
    this.#store.onEvent(event);
    this.unconfirmed.onEvent(event);
  }

  onServerChange(change: ServerChange): void {
    this.#mayServerWrite = change.now.mayWrite;
    this.#recentClears.onServerChange(change);
  }

  /** A page of the raised alarms was read; its reading began at `begunAt`, ms since the epoch. */
  onPage(page: StandingPage, begunAt: number): void {
    // What an earlier run left is kept until its health check.
    const isGone = (processId: number): boolean =>
      page.isGone(processId) && !this.unconfirmed.isFromEarlierRun(processId);
    this.#store.forgetGone(isGone, begunAt, Date.now());
    this.unconfirmed.onPage(page);
    if (this.#mayServerWrite) this.#recentClears.onPage(page);
  }

  /** Resolves when the current state has been written or could not be. Never rejects. */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  #forget({ processId, before, now }: ChangedIdentity, log: Log): void {
    const wasAnswered = this.answered.has(processId);
    this.answered.remove(processId);
    this.#recentClears.forget(processId);
    const forgotten = [
      this.breakers.forget(processId),
      this.#store.forget(processId),
      this.unconfirmed.forget(processId),
      wasAnswered,
    ];
    if (!forgotten.includes(true)) return;
    log.info(now, `process_id ${processId} was ${before} before: what was kept for ${before} is forgotten`);
  }

  /** Stops the timers that half-open breakers and end pauses. */
  stopTimers(): void {
    this.breakers.stop();
    this.pauses.stop();
  }
}
