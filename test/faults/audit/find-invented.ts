import type { Run } from '../scene/recorded-fleet.js';
import type { CommittedAlarm } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { Excuse } from './excuse.js';
import { FOLLOW_UP_MS } from './how-answered.js';
import { pausedBetween } from './paused-between.js';
import { isBad } from './process-runs.js';
import type { Violation } from './violation.js';

/**
 * The service puts an alarm back only where there was one before, and a command has failed since (R10, R12). What it has
 * cleared itself it looks at once more, and its answer may come when another alarm has come and gone.
 */
export function findInvented(
  alarms: readonly CommittedAlarm[],
  runs: readonly Run[],
  { pauses }: Evidence,
): { readonly violations: readonly Violation[]; readonly excuses: readonly Excuse[] } {
  const violations: Violation[] = [];
  const excuses: Excuse[] = [];
  alarms.forEach(({ raisedBy, raisedAt: at, processId }, index) => {
    if (raisedBy !== 'us') return;
    const earlier = alarms.slice(0, index);
    const before = earlier.at(-1);
    const cleared = earlier.findLast(({ end }) => end?.by === 'us');
    const failed = runs.filter((run) => isBad(run) && run.begin <= at);
    if (before && failed.some((run) => (run.end ?? at) >= before.raisedAt)) return;
    const isLate = failed.some(
      ({ begin }) =>
        cleared?.end &&
        begin >= cleared.end.from &&
        at <= begin + FOLLOW_UP_MS + pausedBetween(pauses, begin, at),
    );
    if (isLate) {
      excuses.push({ kind: 'alarm put back after another had come and gone', processId, at });
      return;
    }
    const text = 'the service raised it, and nothing had failed since the alarm before';
    violations.push({ kind: 'alarm without a cause', processId, at, text });
  });
  return { violations, excuses };
}
