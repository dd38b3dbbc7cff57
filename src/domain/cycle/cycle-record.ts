import type { Trigger } from '../alarm/alarm.js';
import type { RestartReport } from './restart-target.js';

/**
 * What a cycle came to. `healthy`: raised again during a cycle, and the health check found nothing to restart.
 * `broken-off`: by a fault of the service itself.
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
] as const;

export type CycleVerdict = (typeof CYCLE_VERDICTS)[number];

/** One cycle of the past. */
export interface CycleRecord {
  readonly processId: number;
  readonly processName: string;
  readonly trigger: Trigger;
  /** Who asked for it, with trigger `manual`. */
  readonly by?: string;
  /** When the alarm was seen, ms since the epoch. */
  readonly seenAt: number;
  /** From there to the begin of the first attempt, ms; absent where there was none. */
  readonly reactionMs?: number;
  /** From there to the verdict, ms. */
  readonly durationMs: number;
  readonly attempts: number;
  /** Of the last restart that was carried out; absent where none was. */
  readonly strategy?: RestartReport['strategy'];
  readonly unit?: string;
  readonly verdict: CycleVerdict;
  /** Why, where it did not go well. */
  readonly reason?: string;
}
