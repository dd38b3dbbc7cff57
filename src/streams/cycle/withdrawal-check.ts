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
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { Slot } from '../../operators/keyed-semaphore.js';
import type { CycleEffects } from './effects.js';

/** After this long the row is read once more before anything is restarted, ms. */
const STALE_AFTER_MS = 2000;
/** A database that is away or frozen holds back no restart for longer than this, ms. */
const LOOK_LIMIT_MS = 3000;
/** A look keeps its place for this long: mostly it is answered at once, and the restart must follow it closely. */
const LOOK_HOLDS_PLACE_MS = 100;

/**
 * Whether the alarm of a cycle was taken back meanwhile: no restart for an alarm that is gone. The binlog tells at once,
 * where it can; the row is asked where what is known is old, as after a place was waited for or an attempt has failed.
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
    /** When the cycle began to wait for its turn, ms since the epoch. */
    since: number,
  ) {
    this.#checkedAt = since;
  }

  /**
   * Emits once; `false` when the place is held. Never errors: a database that cannot answer takes nobody's alarm back,
   * nor is it a failure (R9).
   */
  isWithdrawn(): Observable<boolean> {
    return defer(() => {
      const { effects, alarm, inbox, slot } = this;
      const { scheduler } = effects;
      // Who asks for a restart wants it without an alarm too.
      if (alarm.trigger === 'manual') return of(false);
      if (this.#isWithdrawn || inbox.withdrawn) return of(true);
      // The row says nothing about a cycle that begins with a check: a clear of ours may have overwritten its raise.
      if (this.beginsWithCheck || scheduler.now() - this.#checkedAt < STALE_AFTER_MS) return of(false);
      const late = timer(LOOK_LIMIT_MS, scheduler).pipe(map(() => true));
      const look = race(
        defer(() => effects.isStillRaised(alarm.processId)),
        late,
      ).pipe(
        take(1),
        catchError(() => of(true)),
      );
      const giveUpPlace = timer(LOOK_HOLDS_PLACE_MS, scheduler).pipe(
        tap(() => slot.release()),
        ignoreElements(),
      );
      return merge(look, giveUpPlace).pipe(
        take(1),
        switchMap((isRaised) => {
          this.#checkedAt = scheduler.now();
          this.#isWithdrawn = !isRaised;
          return this.#isWithdrawn ? of(true) : slot.acquire().pipe(map(() => false));
        }),
      );
    });
  }
}
