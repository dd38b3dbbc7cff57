import type { Run } from '../scene/recorded-fleet.js';
import { findAlarms } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { Excuse } from './excuse.js';
import { findInvented } from './find-invented.js';
import { groupBy } from './group-by.js';
import { findNeedless } from './judge-needless.js';
import { findTooMany } from './judge-parallel.js';
import { runsByProcess } from './process-runs.js';
import type { Violation } from './violation.js';
import { whyRestarted } from './why-restarted.js';

interface RestartVerdicts {
  readonly violations: readonly Violation[];
  readonly excuses: readonly Excuse[];
}

/** Looks at every restart: was there an alarm, was another one running, was it needed, were there too many at once? */
export function judgeRestarts(evidence: Evidence): RestartVerdicts {
  const alarmsOf = groupBy(findAlarms(evidence.history, evidence.commits), ({ processId }) => processId);
  const runsOf = runsByProcess(evidence);
  const violations: Violation[] = [];
  const excuses: Excuse[] = [];
  for (const member of evidence.members) {
    const { id: processId } = member;
    const runs = runsOf.get(processId) ?? [];
    const alarms = alarmsOf.get(processId) ?? [];
    const restarts = runs.filter(({ what }) => what === 'restart');
    const invented = findInvented(alarms, runs, evidence);
    violations.push(...findOverlaps(processId, restarts), ...invented.violations);
    excuses.push(...invented.excuses);
    for (const restart of restarts) {
      const finding = whyRestarted(restart, { member, alarms, runs }, evidence);
      if (finding === 'violation') violations.push(noAlarm(processId, restart));
      else if (finding) excuses.push({ kind: finding, processId, at: restart.begin });
    }
    for (const alarm of alarms) {
      const needless = findNeedless(member, alarm, runs, evidence);
      violations.push(...needless.violations);
      excuses.push(...needless.excuses);
    }
  }
  return { violations: [...violations, ...findTooMany(evidence)], excuses };
}

function noAlarm(processId: number, { begin }: Run): Violation {
  return {
    kind: 'restart without an alarm',
    processId,
    at: begin,
    text: 'no alarm stood, nor had one that the service may still have believed in',
  };
}

function findOverlaps(processId: number, restarts: readonly Run[]): Violation[] {
  const found: Violation[] = [];
  restarts.forEach((restart, index) => {
    const before = restarts[index - 1];
    if (before && (before.end === undefined || before.end > restart.begin)) {
      const text = `pid ${restart.pid} began while pid ${before.pid} ran`;
      found.push({ kind: 'overlapping restarts', processId, at: restart.begin, text });
    }
  });
  return found;
}
