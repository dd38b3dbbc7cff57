import {
  catchError,
  defer,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  race,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS } from '../../domain/alarm/row-visibility.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { Slot } from '../../operators/restart-slots.js';
import type { CycleEffects } from './effects.js';

/** What is known of the row is out of date after this time, in ms. */
const STALE_AFTER_MS = 2000;
/** How long a reading of the row may delay a restart, in ms. */
const LOOK_LIMIT_MS = 3000;
/**
 * How long the reading keeps the slot, in ms. It is usually answered at once, and the restart should follow
 * immediately.
 */
const LOOK_HOLDS_SLOT_MS = 100;

/**
 * Tells whether the alarm of a cycle was cleared by somebody else: then nothing is restarted. The binlog shows that
 * at once if it can. The row is read if the last information is out of date: after a wait for a slot or a failed
 * attempt.
 */
export class WithdrawalCheck {
  #checkedAt: number;
  #isWithdrawn = false;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly slot: Slot,
    /** When the cycle began to wait for its slot, ms of the steady clock. */
    since: number,
  ) {
    this.#checkedAt = since;
  }

  /**
   * Emits once; when it emits `false` the slot is held. Never errors: a database that does not answer neither
   * withdraws an alarm nor makes the cycle fail (R9).
   */
  isWithdrawn(): Observable<boolean> {
    return defer(() => {
      const { effects, alarm, inbox, slot } = this;
      const { scheduler } = effects;
      // A restart that was asked for needs no alarm.
      if (isOnRequest(alarm)) return of(false);
      if (this.#isWithdrawn || inbox.withdrawn) return of(true);
      // For a cycle that begins with a check the row says nothing: our own clear may have overwritten its raise.
      // A raise tells more than a reading that follows it closely, which may not see it yet (R3).
      const knownAt = Math.max(this.#checkedAt, inbox.raisedAt, this.#shownUpTo);
      const isFresh = scheduler.now() - knownAt < STALE_AFTER_MS && !inbox.mayBeLowered;
      if (this.beginsWithCheck || isFresh) return of(false);
      const late = timer(LOOK_LIMIT_MS, scheduler);
      const look = race(
        defer(() => effects.isStillRaised(alarm.processId)),
        // A raise that comes meanwhile is newer than what the reading finds.
        merge(late, inbox.raises).pipe(map(() => true)),
      ).pipe(
        take(1),
        catchError(() => of(true)),
      );
      const releaseSlot = timer(LOOK_HOLDS_SLOT_MS, scheduler).pipe(
        tap(() => slot.release()),
        ignoreElements(),
      );
      return merge(look, releaseSlot).pipe(
        take(1),
        switchMap((isRaised) => {
          this.#checkedAt = scheduler.now();
          this.#isWithdrawn = !isRaised;
          return this.#isWithdrawn ? of(true) : slot.acquire().pipe(map(() => false));
        }),
      );
    });
  }

  /** In a storm thousands wait for their slot, and the binlog shows of each of them that nobody has cleared its alarm. */
  get #shownUpTo(): number {
    const shown = this.effects.changesShown(this.alarm.processId);
    // A reading soon after may still show the alarm that a hidden change has lowered (R3).
    const doubtedForMs = this.alarm.raised ? 0 : LOWERED_VISIBLE_AFTER_MS;
    const isAllShown = shown && shown.since + doubtedForMs <= this.alarm.steadyAt;
    return isAllShown ? shown.upTo : Number.NEGATIVE_INFINITY;
  }
}
