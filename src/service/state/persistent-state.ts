import { asyncScheduler, skip } from 'rxjs';
import type { Config } from '../../config/config.js';
import { HandledAlarms } from '../../domain/alarm/handled-alarms.js';
import type { BreakerLimits } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { Breakers } from '../../state/breakers.js';
import { type PauseEnd, Pauses } from '../../state/pauses.js';
import type { SavedState } from '../../state/saved-state.js';
import { loadStateFile } from '../../state/state-file.js';
import { StateStore } from '../../state/state-store.js';
import { UnconfirmedClears } from '../../state/unconfirmed-clears.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';

/** Reads what an earlier run left, and keeps it from then on. Never rejects: without it everything starts afresh. */
export async function openPersistentState(settings: LiveConfig, log: Log): Promise<PersistentState> {
  const file = settings.current.monitor.stateFile;
  const saved = await loadStateFile(file, (problem) => log.warn('monitor_service', problem));
  return new PersistentState(file, saved, settings, log);
}

/** What survives a restart of the service (R11). */
export class PersistentState implements ServiceObserver {
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly answered: HandledAlarms;
  readonly unconfirmed: UnconfirmedClears;
  readonly #store: StateStore;

  /** `file`: a change of its place takes effect at the next start. */
  constructor(file: string, saved: SavedState, settings: LiveConfig, log: Log) {
    this.breakers = new Breakers(() => breakerLimits(settings.current), asyncScheduler, saved.breakers);
    settings
      .changes(breakerLimits)
      .pipe(skip(1))
      .subscribe(() => this.breakers.reschedule());
    this.pauses = new Pauses(asyncScheduler, saved.pauses);
    this.pauses.ended.subscribe((end) => logEnd(end, log));
    this.answered = new HandledAlarms(saved.answered);
    // The clear of what was verified may have been written, too late for this to be known.
    this.unconfirmed = new UnconfirmedClears(new Map([...saved.verified, ...saved.unconfirmed]));
    const outage = new OutageLog(log, Date.now);
    this.#store = new StateStore({
      file,
      breakers: this.breakers,
      pauses: this.pauses,
      answered: this.answered,
      unconfirmed: this.unconfirmed,
      verified: saved.verified,
      unproven: saved.unproven,
      onFailure: (problem) =>
        outage.lost(
          problem,
          `the state file cannot be written: ${problem}; breakers and pauses would not survive a restart`,
        ),
      onSuccess: () => outage.back(() => 'the state file can be written again'),
    });
  }

  /** Why the last write of the state file failed. */
  get problem(): string | undefined {
    return this.#store.problem;
  }

  /** How many processes were verified healthy and perhaps not cleared. */
  get pendingClears(): number {
    return this.#store.pendingClears;
  }

  /** Whether the process was verified healthy, in this run or an earlier one, in a cycle that may not have cleared its alarm. */
  wasVerified(processId: number): boolean {
    return this.#store.wasVerified(processId) || this.unconfirmed.isFromEarlierRun(processId);
  }

  /** Whether the process was restarted in a cycle that did not come to its verdict (R30). */
  isUnproven(processId: number): boolean {
    return this.#store.isUnproven(processId);
  }

  onEvent(event: CycleEvent): void {
    this.#store.onEvent(event);
    this.unconfirmed.onEvent(event);
  }

  /** A reading saw exactly these alarms standing. */
  onStanding(standing: ReadonlySet<number>): void {
    this.#store.retainStanding(standing, Date.now());
    this.unconfirmed.onStanding(standing);
  }

  /** Resolves when what is known now has been written, or could not be. */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  stopTimers(): void {
    this.breakers.stop();
    this.pauses.stop();
  }
}

function breakerLimits({ monitor: { maxRestartFailures, circuitResetTimeMs } }: Config): BreakerLimits {
  return { maxFailures: maxRestartFailures, resetTimeMs: circuitResetTimeMs };
}

function logEnd({ pause: { processName, by, reason }, byItself }: PauseEnd, log: Log): void {
  if (!byItself) return;
  const whose = `${processName === undefined ? 'the pause of all processes' : 'the pause'} by ${by}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  log.info(processName ?? 'monitor_service', `${whose}${why} is over`);
}
