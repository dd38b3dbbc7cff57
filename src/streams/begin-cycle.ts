import { type Alarm, isOnRequest } from '../domain/alarm/alarm.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import type { CycleEffects } from './cycle/effects.js';
import type { SuppressedAlarms } from './suppressed-alarms.js';

/** A relay may tell a lowering so long after a reading of the primary has shown what came later, ms, and its lags. */
const LATE_MS = 2000;
/** The lag may have grown since it was measured. */
const LAGS = 2;

/** How the cycle of an alarm begins. */
interface CycleBegin {
  /** The alarm that the cycle answers: certain if a statement may have raised it during the cycle before. */
  readonly alarm: Alarm;
  /** A health check decides whether a restart is needed. */
  readonly beginsWithCheck: boolean;
  /** A relay tells the alarm of a cycle that has failed, which waits for the next check (R10): nothing is done for it. */
  readonly isOfFailed: boolean;
}

/** Decides how the cycle of an alarm begins, from what was done for its process before. Called once for each cycle. */
export function beginCycle(
  alarm: Alarm,
  inbox: CycleInbox,
  isFollowUp: boolean,
  effects: CycleEffects,
  suppressed: SuppressedAlarms,
): CycleBegin {
  const { processId, raised } = alarm;
  const isOfFailed = raised && !isFollowUp && effects.isRelayed() && suppressed.isRaiseOfFailed(alarm);
  const isRaisedMeanwhile = suppressed.noteBegin(alarm, inbox) && !raised && !isOnRequest(alarm);
  const isVerified = effects.wasVerified(processId);
  const wasAnswered =
    suppressed.answered.has(processId) || (suppressed.answered.isCut && !effects.acknowledges());
  const isDone = isOnRequest(alarm)
    ? effects.wasRestartedWith(alarm)
    : isVerified || effects.isUnproven(processId) || wasAnswered;
  const isAnswered = !raised && isDone;
  // What a relay, or a replica that was just promoted, tells late is the raise whose clear the old server took with it.
  const mayBeCleared = raised && effects.isClearInDoubt(processId);
  // It was raised after the last cycle: no clear of ours has lowered it.
  if (!isFollowUp && !isOnRequest(alarm) && !mayBeCleared) inbox.followsClear = false;
  // The earlier run may have cleared it, and with it a raise that came later.
  if (isAnswered && isVerified) inbox.followsClear = true;
  // Nothing has lowered what a reading found and a cycle answered: this row change may be that raise, only later.
  const mayBeAnswered = raised && !effects.acknowledges() && suppressed.answered.has(processId);
  const beginsWithCheck = isFollowUp || isAnswered || isRaisedMeanwhile || mayBeAnswered || mayBeCleared;
  if (!raised && !beginsWithCheck && effects.isRelayed())
    inbox.doubtsLoweringsUntil = alarm.steadyAt + LATE_MS + LAGS * effects.streamLagMs();
  return { alarm: isRaisedMeanwhile ? { ...alarm, raised: true } : alarm, beginsWithCheck, isOfFailed };
}
