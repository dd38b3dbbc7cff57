import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  type Observable,
  of,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { Slot } from '../../operators/restart-slots.js';
import type { CycleEffects } from './effects.js';

/** The name is out of date after a wait of this time, in ms. */
const STALE_AFTER_MS = 5000;
/** A change that the binlog does not show may have changed the name: it is out of date after this time, in ms. */
const DOUBTED_AFTER_MS = 2000;
/** How long the look-up may delay a restart, in ms. */
const LOOK_LIMIT_MS = 3000;
/** How long the look-up keeps the slot, in ms. */
const LOOK_HOLDS_SLOT_MS = 100;

/**
 * Looks up the name again after a long wait, which began at `since`. The name that was known counts while the database
 * gives no answer, and when the service stops.
 */
export function lookUpAgain(
  lookUp: Observable<never>,
  since: number,
  { scheduler, slots }: CycleEffects,
): Observable<never> {
  if (scheduler.now() - since < STALE_AFTER_MS) return EMPTY;
  return lookUpInTime(lookUp, { scheduler, slots });
}

/**
 * The name that a process has by now, when its cycle gets the slot for which it has waited since `since`. Calls
 * `onName` if the binlog has told it, or looks it up if it may be another one: then the slot is held again at the end.
 * Undefined if there is nothing to do.
 */
export function lookUpIfRenamed(
  { inbox, lookUp, onName }: RenamedOptions,
  since: number,
  slot: Slot,
  effects: Pick<CycleEffects, 'scheduler' | 'slots'>,
): Observable<never> | undefined {
  const { scheduler } = effects;
  const { renaming } = inbox;
  const isDoubtful = inbox.mayBeRenamed && scheduler.now() - since >= DOUBTED_AFTER_MS;
  inbox.renaming = undefined;
  const told = renaming?.processName;
  if (told !== undefined) onName(told);
  const isUnknown = renaming !== undefined && told === undefined;
  if (!isUnknown && !isDoubtful) return undefined;
  inbox.mayBeRenamed = false;
  return lookUpBesideSlot(lookUpInTime(lookUp, effects), slot, scheduler);
}

interface RenamedOptions {
  readonly inbox: CycleInbox;
  readonly lookUp: Observable<never>;
  readonly onName: (name: string) => void;
}

function lookUpInTime(
  lookUp: Observable<never>,
  { scheduler, slots }: Pick<CycleEffects, 'scheduler' | 'slots'>,
): Observable<never> {
  return lookUp.pipe(takeUntil(merge(timer(LOOK_LIMIT_MS, scheduler), slots.closed)));
}

function lookUpBesideSlot(
  lookUp: Observable<never>,
  slot: Slot,
  scheduler: CycleEffects['scheduler'],
): Observable<never> {
  const releasing = timer(LOOK_HOLDS_SLOT_MS, scheduler).pipe(
    tap(() => slot.release()),
    ignoreElements(),
  );
  const done = concat(
    lookUp,
    defer(() => of(undefined)),
  );
  return merge(done, releasing).pipe(
    take(1),
    switchMap(() => slot.acquire()),
    ignoreElements(),
  );
}
