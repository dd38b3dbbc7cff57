import type { Alarm } from '../domain/alarm/alarm.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/** How many alarms are remembered of each kind: refused and excluded ones together, and paused ones. */
export const MAX_REMEMBERED = 1000;

/** Why a reconcile leaves an alarm alone. */
export interface Suppression {
  /** Sequence number of the event. */
  since: number;
  /** A process_id that has another name now is another process. */
  readonly name: string;
  /** Sequence number at which our note was in the row. */
  notedAt?: number;
}

/**
 * Later than every reading. While the cycle runs, its own clear may have taken the alarm back and it may still have
 * to raise it again. A reading that does not find the alarm proves nothing until then.
 */
export const WHILE_ITS_CYCLE_RUNS = Number.POSITIVE_INFINITY;

/** The row has been replaced since, which nobody saw: this is another alarm. */
export function hasLostNote({ notedAt }: Suppression, { notes, readSeq }: Alarm): boolean {
  return notedAt !== undefined && readSeq > notedAt && notes === null;
}

/** Remembers the alarm of this event, if there is room. `since`: the sequence number of the event. */
export function remember(
  entries: Map<number, Suppression>,
  { processId, processName }: CycleEvent,
  since: number,
): void {
  if (entries.size < MAX_REMEMBERED || entries.has(processId))
    entries.set(processId, { since, name: processName });
}
