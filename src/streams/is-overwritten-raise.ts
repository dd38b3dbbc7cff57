import { map, merge, type Observable, take, timer } from 'rxjs';
import type { Alarm } from '../domain/alarm/alarm.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import type { CycleEffects } from './cycle/effects.js';

/** A connection to the binlog is made in this time: it begins at a position that was noted before, ms. */
const CONNECTED_WITHIN_MS = 10_000;
/** What a new connection has to tell comes at once: our clear directly after the raise that it overwrote, ms. */
const TOLD_WITHIN_MS = 200;

/**
 * Whether a row change tells a raise that a reading has found before, and that is answered: our clear follows it in the
 * binlog (R12). That happens only just after the stream came up. Emits once; undefined if no clear can follow.
 */
export function isOverwrittenRaise(
  { raised, steadyAt }: Alarm,
  inbox: CycleInbox,
  { scheduler, isRelayed }: Pick<CycleEffects, 'scheduler' | 'isRelayed'>,
): Observable<boolean> | undefined {
  // Whether a relay tells a raise late is asked of the primary.
  if (isRelayed()) return undefined;
  const clear = raised && steadyAt - inbox.clearedAt < CONNECTED_WITHIN_MS ? inbox.lateClear : undefined;
  return (
    clear &&
    merge(clear.pipe(map(() => true)), timer(TOLD_WITHIN_MS, scheduler).pipe(map(() => false))).pipe(take(1))
  );
}
