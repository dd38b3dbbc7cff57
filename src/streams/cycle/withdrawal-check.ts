import { catchError, defer, map, type Observable, of, race, take, timer } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { CycleEffects } from './effects.js';

/** After this long the row is read once more before anything is restarted, ms. */
const STALE_AFTER_MS = 2000;
/** A database that is away or frozen holds back no restart for longer than this, ms. */
const LOOK_LIMIT_MS = 3000;

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
    private readonly slot: CycleInbox,
    private readonly beginsWithCheck: boolean,
  ) {
    this.#checkedAt = effects.scheduler.now();
  }

  /** Emits once. Never errors: a database that cannot answer takes nobody's alarm back, nor is it a failure (R9). */
  isWithdrawn(): Observable<boolean> {
    return defer(() => {
      const { effects, alarm, slot } = this;
      const { scheduler } = effects;
      // Who asks for a restart wants it without an alarm too.
      if (alarm.trigger === 'manual') return of(false);
      if (this.#isWithdrawn || slot.withdrawn) return of(true);
      // The row says nothing about a cycle that begins with a check: a clear of ours may have overwritten its raise.
      if (this.beginsWithCheck || scheduler.now() - this.#checkedAt < STALE_AFTER_MS) return of(false);
      const late = timer(LOOK_LIMIT_MS, scheduler).pipe(map(() => true));
      return race(
        defer(() => effects.isStillRaised(alarm.processId)),
        late,
      ).pipe(
        take(1),
        catchError(() => of(true)),
        map((isRaised) => {
          this.#checkedAt = scheduler.now();
          this.#isWithdrawn = !isRaised;
          return this.#isWithdrawn;
        }),
      );
    });
  }
}
