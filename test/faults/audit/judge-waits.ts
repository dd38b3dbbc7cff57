import { findAlarms } from './alarms.js';
import type { Evidence } from './evidence.js';
import { pausedBetween } from './paused-between.js';
import { runsByProcess } from './process-runs.js';
import type { Violation } from './violation.js';

/**
 * How long an alarm may wait for the first command, ms of time in which the service could work: twice its longest
 * back-off. A service that has forgotten an alarm would else be forgiven, since the lab soon starts the next one.
 */
export const LONGEST_WAIT_MS = 60_000;

interface WaitVerdicts {
  /** Ms. */
  readonly longestWaitMs: number;
  readonly violations: readonly Violation[];
}

/** Looks at how long each alarm waited for a command of its process, or for its end. */
export function judgeWaits(evidence: Evidence): WaitVerdicts {
  const { history, commits, members, pauses } = evidence;
  const runs = runsByProcess(evidence);
  // No command ever has that name.
  const refused = new Set(members.filter(({ role }) => role === 'refused').map(({ id }) => id));
  const violations: Violation[] = [];
  let longestWaitMs = 0;
  for (const { processId, raisedAt, end } of findAlarms(history, commits)) {
    const first = (runs.get(processId) ?? []).find(({ begin }) => begin >= raisedAt);
    const until = Math.min(first?.begin ?? Number.POSITIVE_INFINITY, end?.from ?? Number.POSITIVE_INFINITY);
    // What never ends is lost, and judged as such.
    if (refused.has(processId) || !Number.isFinite(until)) continue;
    const waitedMs = until - raisedAt - pausedBetween(pauses, raisedAt, until);
    longestWaitMs = Math.max(longestWaitMs, waitedMs);
    if (waitedMs <= LONGEST_WAIT_MS) continue;
    const text = `no command began for ${Math.round(waitedMs / 1000)} s in which the service could work`;
    violations.push({ kind: 'left waiting', processId, at: raisedAt, text });
  }
  return { longestWaitMs, violations };
}
