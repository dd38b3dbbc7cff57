import type { Evidence } from './evidence.js';
import { type AlarmVerdicts, judgeAlarms } from './judge-alarms.js';
import { judgeHistory } from './judge-history.js';
import { judgeRestarts } from './judge-restarts.js';
import type { Violation } from './violation.js';

export interface Audit extends AlarmVerdicts {
  readonly restarts: number;
  readonly checks: number;
  /** Of all kinds, in the order in which they came about. */
  readonly violations: readonly Violation[];
}

export function judge(unsorted: Evidence): Audit {
  const evidence = { ...unsorted, pauses: unsorted.pauses.toSorted((a, b) => a.from - b.from) };
  const alarms = judgeAlarms(evidence);
  const leftBehind = evidence.leftBehind.map(
    (text): Violation => ({ kind: 'left behind', at: Number.POSITIVE_INFINITY, text }),
  );
  const violations = [
    ...alarms.violations,
    ...judgeRestarts(evidence),
    ...judgeHistory(evidence),
    ...leftBehind,
  ];
  return {
    ...alarms,
    restarts: evidence.runs.filter(({ what }) => what === 'restart').length,
    checks: evidence.runs.filter(({ what }) => what === 'check').length,
    violations: violations.toSorted((a, b) => a.at - b.at),
  };
}
