import type { Evidence } from './evidence.js';
import type { Excuse } from './excuse.js';
import { type AlarmVerdicts, judgeAlarms } from './judge-alarms.js';
import { findRestartsWhileOpen } from './judge-breakers.js';
import { judgeHistory } from './judge-history.js';
import { judgeNames } from './judge-names.js';
import { judgeRestarts } from './judge-restarts.js';
import { judgeWaits } from './judge-waits.js';
import type { Violation } from './violation.js';

export interface Audit extends AlarmVerdicts {
  readonly restarts: number;
  readonly checks: number;
  /** The longest time that an alarm waited for its first command, ms of time in which the service could work. */
  readonly longestWaitMs: number;
  /** Of all kinds, in the order in which they came about. */
  readonly violations: readonly Violation[];
  /** What would be violations, had they no reason. */
  readonly excuses: readonly Excuse[];
}

export function judge(unsorted: Evidence): Audit {
  const evidence = { ...unsorted, pauses: unsorted.pauses.toSorted((a, b) => a.from - b.from) };
  const alarms = judgeAlarms(evidence);
  const restarts = judgeRestarts(evidence);
  const waits = judgeWaits(evidence);
  const leftBehind = evidence.leftBehind.map(
    (text): Violation => ({ kind: 'left behind', at: Number.POSITIVE_INFINITY, text }),
  );
  const violations = [
    ...alarms.violations,
    ...waits.violations,
    ...restarts.violations,
    ...judgeHistory(evidence),
    ...judgeNames(evidence),
    ...findRestartsWhileOpen(evidence),
    ...leftBehind,
  ];
  return {
    ...alarms,
    restarts: evidence.runs.filter(({ what }) => what === 'restart').length,
    checks: evidence.runs.filter(({ what }) => what === 'check').length,
    longestWaitMs: waits.longestWaitMs,
    violations: violations.toSorted((a, b) => a.at - b.at),
    excuses: [...alarms.excuses, ...restarts.excuses].toSorted((a, b) => a.at - b.at),
  };
}
