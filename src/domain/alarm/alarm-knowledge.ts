import type { Alarm } from './alarm.js';

/** What is known of the alarm of a process since its cycle began. The diagram is in docs/alarm-knowledge.md. */
export type AlarmKnowledge =
  | { readonly is: 'unchanged' }
  /**
   * A reading found it raised after the cycle began, or our clear may have overwritten a raise. It may be the old
   * alarm or a new one.
   */
  | { readonly is: 'maybe-raised-again'; readonly alarm: Alarm }
  /** A row change raised it. The latest raise counts. */
  | { readonly is: 'raised-again'; readonly alarm: Alarm }
  /**
   * Somebody else cleared it. Not `sure` if a raise may have come since then that the binlog did not show. `seen`: an
   * alarm that a reading found since then; only a reading from after the cycle tells whether it is a new one.
   */
  | { readonly is: 'withdrawn'; readonly sure: boolean; readonly seen?: Alarm };

export type AlarmInput =
  | { readonly kind: 'raised'; readonly alarm: Alarm }
  /** A reading that was triggered after the cycle began found it raised. An older reading says nothing. */
  | { readonly kind: 'seen-raised'; readonly alarm: Alarm }
  /** Our clear may have overwritten a raise (R12). */
  | { readonly kind: 'clear-doubted'; readonly alarm: Alarm }
  | { readonly kind: 'lowered-by-others' }
  /** The binlog showed a change without its rows, or has a gap. */
  | { readonly kind: 'hidden-change' }
  | { readonly kind: 'own-clear-came-back' };

export const UNCHANGED: AlarmKnowledge = { is: 'unchanged' };

/**
 * Returns what is known after this input. A certain raise replaces a possible one, in either order. A clear by
 * somebody else cancels every raise before it (R7).
 */
export function nextKnowledge(now: AlarmKnowledge, input: AlarmInput): AlarmKnowledge {
  switch (input.kind) {
    case 'raised':
      return { is: 'raised-again', alarm: input.alarm };
    case 'lowered-by-others':
      return { is: 'withdrawn', sure: true };
    case 'hidden-change':
    case 'own-clear-came-back':
      // Our clear changed a row that somebody else had already cleared, so there was a raise in between that we did
      // not see.
      return now.is === 'withdrawn' ? { ...now, sure: false } : now;
    case 'seen-raised':
      if (now.is === 'raised-again') return now;
      return now.is === 'withdrawn'
        ? { ...now, seen: input.alarm }
        : { is: 'maybe-raised-again', alarm: input.alarm };
    case 'clear-doubted':
      // Does not replace an alarm that a reading found.
      if (now.is === 'unchanged') return { is: 'maybe-raised-again', alarm: input.alarm };
      return now.is === 'withdrawn' ? { ...now, seen: now.seen ?? input.alarm } : now;
  }
}

/** Whether the alarm was raised again, or may have been. */
export function isRaisedAgain(now: AlarmKnowledge): boolean {
  return now.is === 'withdrawn' ? now.seen !== undefined : now.is !== 'unchanged';
}

/** The raise that needs a follow-up cycle. After a failed cycle only a certain raise counts. */
export function pendingRaise(now: AlarmKnowledge, succeeded: boolean): Alarm | undefined {
  if (now.is === 'raised-again') return now.alarm;
  if (!succeeded || now.is === 'unchanged') return undefined;
  return now.is === 'withdrawn' ? now.seen : now.alarm;
}

/** An alarm that a reading found after the withdrawal: the table must be read again. */
export function alarmToReread(now: AlarmKnowledge): Alarm | undefined {
  return now.is === 'withdrawn' ? now.seen : undefined;
}
