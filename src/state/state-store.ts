import { merge } from 'rxjs';
import type { HandledAlarms } from '../domain/alarm/handled-alarms.js';
import { VERIFIED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import { describeError } from '../domain/errors.js';
import type { Breakers } from './breakers.js';
import type { OwedRestarts } from './owed-restarts.js';
import { PauseBetweenWrites } from './pause-between-writes.js';
import type { Pauses } from './pauses.js';
import type { ProcessIdentities } from './process-identities.js';
import type { RecentClears } from './recent-clears.js';
import { MAX_SAVED, type SavedState } from './saved-state.js';
import { writeStateFile } from './state-file.js';
import type { UnconfirmedClears } from './unconfirmed-clears.js';

const ENDS_VERIFIED: ReadonlySet<CycleEvent['type']> = new Set([
  'cleared',
  'answered',
  'attempt-started',
  'withdrawn',
]);

/** Events that give a verdict about a restart, or begin another attempt. */
const ENDS_UNPROVEN: ReadonlySet<CycleEvent['type']> = new Set([
  'verified',
  'attempt-started',
  'attempt-failed',
  'cleared',
  'answered',
  'withdrawn',
]);

interface StateStoreOptions {
  readonly file: string;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly answered: HandledAlarms;
  readonly unconfirmed: UnconfirmedClears;
  readonly identities: ProcessIdentities;
  readonly owed: OwedRestarts;
  readonly recentClears: RecentClears;
  readonly verified: ReadonlyMap<number, number>;
  readonly unproven: ReadonlyMap<number, number>;
  /** Called after every failed write, and after the first one that succeeds again. */
  readonly onFailure: (problem: string) => void;
  readonly onSuccess: () => void;
}

/**
 * Shortest pause between two writes, ms: every write takes some twenty calls into the file system. A SIGKILL in a storm
 * may lose the changes of this last pause.
 */
const MIN_PAUSE_MS = 50;
/** Added for each entry, ms: a long file takes longer to write, and is written less often. */
const PAUSE_PER_ENTRY_MS = 0.01;

/**
 * Keeps the state file up to date (R11): writes after every change, one write at a time, so that a storm of changes
 * costs few writes. A failed write is tried again with the next change and at the end; it stops nothing (R13).
 */
export class StateStore {
  readonly #verified: Map<number, number>;
  /** Processes that were restarted and have no verdict yet (R30). */
  readonly #unproven: Map<number, number>;
  #writing: Promise<void> | undefined;
  #isStale = false;
  readonly #pause = new PauseBetweenWrites();
  #problem: string | undefined;

  constructor(private readonly options: StateStoreOptions) {
    this.#verified = new Map(options.verified);
    this.#unproven = new Map(options.unproven);
    const { breakers, pauses, unconfirmed } = options;
    merge(breakers.changed, pauses.changed, unconfirmed.changed).subscribe(() => this.#save());
    options.answered.onChange(() => this.#save());
  }

  /** Why the last write failed. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether the process was verified healthy in a cycle whose clear may not have been written. */
  wasVerified(processId: number): boolean {
    return this.#verified.has(processId);
  }

  /** Whether the process was restarted in a cycle that ended without a verdict (R30). */
  isUnproven(processId: number): boolean {
    return this.#unproven.has(processId);
  }

  /** How many processes were verified and perhaps not cleared. */
  get pendingClears(): number {
    return this.#verified.size;
  }

  /** Learns from an event and saves the state if it has changed. */
  onEvent(event: CycleEvent): void {
    // In one write: a process that was verified, and those that are restarted with it.
    const isOwedChanged = this.options.owed.onEvent(event, this.isUnproven(event.processId));
    const isChanged = [isOwedChanged, this.#noteUnproven(event), this.#noteVerified(event)].includes(true);
    // Nothing but the file tells of it once the alarm of the other process is cleared.
    if (isOwedChanged) this.#pause.end();
    if (isChanged) this.#save();
  }

  /** This restart is not demanded any more. */
  forgetOwed(processName: string): void {
    if (this.options.owed.forget(processName)) this.#save();
  }

  #noteVerified({ type, processId, at }: CycleEvent): boolean {
    if (type === 'verified') this.#verified.set(processId, at);
    // A failed follow-up shows that the process is no longer healthy: the next cycle must restart it.
    return type === 'verified' || (ENDS_VERIFIED.has(type) && this.#verified.delete(processId));
  }

  // Set at the restart, not only when the service stops: it may be killed.
  #noteUnproven({ type, processId, at }: CycleEvent): boolean {
    if (type === 'restarted') this.#unproven.set(processId, at);
    return type === 'restarted' || (ENDS_UNPROVEN.has(type) && this.#unproven.delete(processId));
  }

  /** Its process_id is another process now. */
  forget(processId: number): boolean {
    const had = [this.#verified, this.#unproven].map((noted) => noted.delete(processId)).includes(true);
    if (had) this.#save();
    return had;
  }

  /**
   * A page whose reading began at `begunAt` and has ended `now` shows that these alarms are gone: they were cleared after all.
   * What was noted in between may concern an alarm that the reading was too early to see. Both in ms since the epoch.
   */
  forgetGone(isGone: (processId: number) => boolean, begunAt: number, now = begunAt): void {
    // A row that was raised just now may not be visible to a SELECT yet (R3). The clock may have been set back since.
    const isOld = (at: number): boolean =>
      begunAt - at > VERIFIED_VISIBLE_AFTER_MS || at - now > VERIFIED_VISIBLE_AFTER_MS;
    const forget = (noted: Map<number, number>): boolean => {
      const gone = [...noted].filter(([id, at]) => isGone(id) && isOld(at));
      for (const [processId] of gone) noted.delete(processId);
      return gone.length > 0;
    };
    if ([this.#verified, this.#unproven].map(forget).includes(true)) this.#save();
  }

  /** Resolves when the present state has been written, or could not be. */
  async flush(): Promise<void> {
    if (this.#isStale && !this.#writing) this.#save();
    while (this.#writing) {
      this.#pause.end();
      await this.#writing;
    }
  }

  #save(): void {
    this.#isStale = true;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  #snapshot(): SavedState {
    const { breakers, pauses, answered, unconfirmed, identities, owed, recentClears } = this.options;
    const state = {
      breakers: breakers.snapshot(),
      restarts: breakers.recentRestarts(),
      verified: new Map(this.#verified),
      unproven: new Map(this.#unproven),
      pauses: pauses.byAdministrators(),
      endedRuns: pauses.maintenance.endedEarly,
      answered: answered.snapshot(MAX_SAVED + 1),
      answeredIsCut: answered.isCut,
      unconfirmed: unconfirmed.snapshot(),
      owed: owed.list(),
      recentClears: recentClears.snapshot(),
    };
    const { verified, unproven } = state;
    const { clearedAt } = state.recentClears;
    const owners = [state.breakers, verified, unproven, state.unconfirmed, clearedAt].flatMap((kept) => [
      ...kept.keys(),
    ]);
    return { ...state, names: identities.namesOf([...owners, ...state.answered]) };
  }

  async #write(): Promise<void> {
    const { file, onFailure, onSuccess } = this.options;
    while (this.#isStale) {
      this.#isStale = false;
      this.#pause.writeBegins();
      const state = this.#snapshot();
      try {
        await writeStateFile(file, state);
        this.#problem = undefined;
        onSuccess();
      } catch (error) {
        // Not in a loop: a full disk stays full for a while.
        this.#isStale = true;
        this.#problem = describeError(error);
        onFailure(this.#problem);
        return;
      }
      if (this.#isStale) await this.#pause.wait(MIN_PAUSE_MS + lengthOf(state) * PAUSE_PER_ENTRY_MS);
    }
  }
}

function lengthOf(state: SavedState): number {
  const { breakers, restarts, verified, unproven, pauses, answered, unconfirmed, owed, recentClears } = state;
  const { clearedAt } = recentClears;
  const maps = [breakers, restarts, verified, unproven, unconfirmed, clearedAt].reduce(
    (sum, { size }) => sum + size,
    0,
  );
  return maps + pauses.length + answered.length + owed.length;
}
