import { EMPTY, type Observable, of } from 'rxjs';
import { type Alarm, displayName, isOnRequest, withProcessName } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS } from '../../domain/alarm/note-texts.js';
import { NAME_VISIBLE_AFTER_MS } from '../../domain/alarm/row-visibility.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import { concatSteps, type LazySteps } from '../../operators/concat-steps.js';
import { consume } from '../../operators/consume.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { confirmRaise } from './confirm-raise.js';
import { Cycle, type WaitForOthers } from './cycle.js';
import type { CycleEffects } from './effects.js';
import { lookUpAgain, lookUpIfRenamed } from './look-up-again.js';
import type { Waited } from './wait-in-order.js';

/**
 * Runs one cycle: look-up of the name, admission, and then the steps of `Cycle`. One that `beginsWithCheck`, a follow-up
 * (R7) or for an alarm that was handled before, restarts only a process that is unhealthy. The slot is released before
 * anything is written, so a database that is away does not delay other restarts.
 */
export function runCycle(
  effects: CycleEffects,
  alarm: Alarm,
  inbox: CycleInbox,
  beginsWithCheck: boolean,
): Observable<CycleEvent> {
  const { processId } = alarm;
  let name = alarm.processName;
  // Told during the cycle before, of which this is the follow-up.
  if (inbox.renaming) name = inbox.renaming.processName;
  /** Whether a change of the name was told without the name: a look at once may see the one before (R3). */
  let isJustRenamed = inbox.renaming !== undefined && name === undefined;
  inbox.renaming = undefined;
  let waited: Waited | undefined;
  const lookUp = (): Observable<never> =>
    effects
      .lookUpName(processId, isJustRenamed ? NAME_VISIBLE_AFTER_MS : nameDoubtedForMs(alarm, effects))
      .pipe(
        consume((found) => {
          name = found ? (found.isOurs ? found.name : undefined) : null;
        }),
      );
  /** The configuration, the name and the pauses may have changed during the wait. */
  const answerAgain = (since: number, before = name): LazySteps<CycleEvent> => {
    waited = { since, name: before };
    return [() => (before === name ? lookUpAgain(lookUp(), since, effects) : EMPTY), answer];
  };
  const onName = (told: string): void => {
    name = told;
  };
  const nameAfterWait: WaitForOthers['nameAfterWait'] = (since, slot) => {
    isJustRenamed = inbox.renaming !== undefined && inbox.renaming.processName === undefined;
    return lookUpIfRenamed({ inbox, lookUp: lookUp(), onName }, since, slot, effects);
  };
  const tellOf =
    (processName: string): ((data: CycleEventData) => CycleEvent) =>
    (data) => ({ processId, processName, at: effects.wallNow(), ...data });
  /** The row belongs to another host. After a wait its alarm has been told, and is withdrawn from this one. */
  const leave = (): LazySteps<CycleEvent> =>
    waited ? [() => of(tellOf(displayName(processId, waited?.name))({ type: 'withdrawn' }))] : [];
  const answer = (): LazySteps<CycleEvent> => {
    if (name === undefined) return leave();
    // A name from the binlog was not looked up, and nobody else has seen it yet.
    if (name !== null) effects.meetName(processId, name);
    const tell = tellOf(displayName(processId, name));
    // The name goes into the alarm, so that a follow-up need not ask the database again.
    const named = withProcessName(alarm, name);
    const isRenamed = (): boolean => named.processName !== name;
    const isOther = waited !== undefined && waited.name !== name;
    const wait = { overSince: waited?.since, isOfOtherName: isOther, answerAgain, nameAfterWait, isRenamed };
    const cycle = new Cycle(effects, named, inbox, beginsWithCheck, tell, wait);
    // What an earlier run owed, or somebody asked for, concerned the process that had this process_id then.
    const isOwed = !alarm.raised && alarm.processName === undefined;
    if (isOther ? isOwed || isOnRequest(alarm) : isOwed && !waited && !effects.wasVerified(processId))
      return [];
    if (name === null) return cycle.refuse(NOTE_TEXTS.REFUSED.unknownProcess(processId));
    const admission = effects.admit(name);
    if (admission.kind === 'excluded') return [() => of(tell({ type: 'excluded', alarm }))];
    if (admission.kind === 'refused') return cycle.refuse(admission.reason, admission.remedy);
    const { target } = admission;
    if (waited) return cycle.answer(target);
    return confirmRaise(alarm, beginsWithCheck, effects, tell, () => cycle.answer(target));
  };
  return name === undefined ? concatSteps(lookUp, answer) : concatSteps(answer);
}

function nameDoubtedForMs({ nameVisibleAt = 0 }: Alarm, { scheduler }: CycleEffects): number {
  return Math.min(Math.max(0, nameVisibleAt - scheduler.now()), NAME_VISIBLE_AFTER_MS);
}
