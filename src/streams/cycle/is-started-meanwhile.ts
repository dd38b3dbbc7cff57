import { map, type Observable } from 'rxjs';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { CycleEffects } from './effects.js';

/** A wait for a slot is long from here on, ms. */
const LONG_WAIT_MS = 1000;

/**
 * Whether somebody else has started the unit after the alarm was raised, `raisedAt` at the latest (ms of the steady
 * clock), such as systemd by Requires= (R35). Undefined if it is not asked: only a cycle that has waited, for others or
 * long for its slot, can be late. Emits once.
 */
export function isStartedMeanwhile(
  target: RestartTarget,
  alarm: Alarm,
  raisedAt: number,
  hasWaited: boolean,
  { findRunBegin, scheduler }: CycleEffects,
): Observable<boolean> | undefined {
  const isLate = hasWaited || scheduler.now() - raisedAt >= LONG_WAIT_MS;
  if (!isLate || isOnRequest(alarm)) return undefined;
  return findRunBegin(target).pipe(map((at) => at !== undefined && at > raisedAt));
}
