import type { Trigger } from '../alarm/alarm.js';
import type { RestartReport } from './restart-target.js';

/**
 * The result of a cycle. `healthy`: raised again during a cycle, and the health check found the process healthy.
 * `broken-off`: ended by an error of the service itself. `escalated`: no cycle, but the escalation command that it began.
 */
export const CYCLE_VERDICTS = [
  'restarted',
  'failed',
  'healthy',
  'withdrawn',
  'refused',
  'paused',
  'breaker-open',
  'broken-off',
  'escalated',
] as const;

export type CycleVerdict = (typeof CYCLE_VERDICTS)[number];

/** One past cycle. */
export interface CycleRecord {
  readonly processId: number;
  readonly processName: string;
  readonly trigger: Trigger;
  /** Who asked for it: a person, or the process that was restarted. */
  readonly by?: string;
  /** When the alarm was seen, ms since the epoch. */
  readonly seenAt: number;
  /**
   * From there until the first restart began (its command ran, or systemd had its job), in ms; absent if there was
   * none.
   */
  readonly reactionMs?: number;
  /** From there to the verdict, ms. */
  readonly durationMs: number;
  readonly attempts: number;
  /** Of the last restart that was carried out; absent if there was none. */
  readonly strategy?: RestartReport['strategy'];
  readonly unit?: string;
  readonly verdict: CycleVerdict;
  /** Why it did not succeed. */
  readonly reason?: string;
}
