import type { LogicalClock } from '../logical-clock.js';
import type { StatementEffect } from './statement-effect.js';

/**
 * What started a cycle. `resume`: a pause has ended; `manual`: an administrator asked for it; `restart-with`: another
 * process was restarted.
 */
export const TRIGGERS = [
  'binlog',
  'poll',
  'reconnect',
  'circuit-reset',
  'resume',
  'manual',
  'restart-with',
] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** A row of STATUS_PROCESS with `alarma = 1`. Where the cycle was asked for there need be no such row. */
export interface Alarm {
  readonly processId: number;
  /** Absent if it came as a row change: the name must still be looked up in PROCESE (R3). */
  readonly processName?: string | null;
  /** Before this time of the steady clock a look-up may find an older name (R3). Only where the name is absent. */
  readonly nameVisibleAt?: number;
  /** The text of the tool that raised the alarm. */
  readonly notes: string | null;
  readonly trigger: Trigger;
  /** Who asked for the cycle: a person, or the process that was restarted. */
  readonly by?: string;
  /** True for a row change that raised the alarm just now; false if a reconcile found it raised. */
  readonly raised: boolean;
  /** When the service saw it, ms since the epoch: for people, and never compared with another time of a cycle. */
  readonly seenAt: number;
  /** The same by the steady clock, which nobody can set, ms. */
  readonly steadyAt: number;
  /** Sequence number (see `LogicalClock`) of the cause: the row change, or the trigger of the reconcile. */
  readonly causeSeq: number;
  /**
   * Sequence number at which the alarm was known to be raised: that of the row change, or of the start of the SELECT.
   */
  readonly readSeq: number;
}

/** The name of a process, or its process_id if the name is unknown. */
export function displayName(processId: number, processName: string | null | undefined): string {
  return processName ?? `process_id ${processId}`;
}

/**
 * The alarm with the process's name from PROCESE. Copied field by field: in V8 every copy by spread has a new shape.
 */
export function withProcessName(alarm: Alarm, processName: string | null): Alarm {
  const { processId, notes, trigger, by, raised, seenAt, steadyAt, causeSeq, readSeq } = alarm;
  const named = { processId, processName, notes, trigger, raised, seenAt, steadyAt, causeSeq, readSeq };
  return by === undefined ? named : { ...named, by };
}

/** Whether the cycle was asked for, and not begun for an alarm. */
export function isOnRequest({ trigger }: Pick<Alarm, 'trigger'>): boolean {
  return trigger === 'manual' || trigger === 'restart-with';
}

/** An alarm for a cycle that somebody asks for now. */
export function createRequestedAlarm(
  processId: number,
  processName: string,
  by: string,
  now: Pick<Alarm, 'seenAt' | 'steadyAt'>,
  clock: LogicalClock,
  trigger: 'manual' | 'restart-with' = 'manual',
): Alarm {
  const seq = clock.next();
  return {
    processId,
    processName,
    notes: null,
    trigger,
    by,
    raised: false,
    ...now,
    causeSeq: seq,
    readSeq: seq,
  };
}

/** `alarma` of a process went back to another value, by us or by somebody else. */
export interface AlarmLowered {
  readonly processId: number;
  /** The present `notes`; our own writes are recognised by them. */
  readonly notes: string | null;
}

/** The name of a process in PROCESE has changed. */
export interface Renaming {
  readonly processId: number;
  /** Absent if PROCESE must be asked for it. */
  readonly processName?: string;
}

/** What the sources report. */
export type AlarmSignal =
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  | { readonly kind: 'lowered'; readonly lowering: AlarmLowered }
  | { readonly kind: 'renamed'; readonly renaming: Renaming }
  /** One of our own writes came back through the binlog, as a statement. */
  | { readonly kind: 'own-write'; readonly processId: number }
  /**
   * Somebody asks for a cycle, alarm or not. `answer` is called at once: false while a cycle of the process
   * runs.
   */
  | { readonly kind: 'manual'; readonly alarm: Alarm; readonly answer: (isBegun: boolean) => void }
  /**
   * An alarm of these processes, or any where none are named, may have been raised just now: the binlog showed a change
   * without its rows, or has a gap.
   */
  | {
      readonly kind: 'possible-raise';
      readonly effect?: StatementEffect;
      readonly concerns?: readonly number[];
    }
  /**
   * Concerns no process. `passed` is called at the point where an alarm would get its cycle, so that the watchdog knows
   * that it would.
   */
  | { readonly kind: 'probe'; readonly passed: () => void };
