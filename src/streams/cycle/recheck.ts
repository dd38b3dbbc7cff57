import { catchError, defer, type Observable, of, take } from 'rxjs';
import type { HealthVerdict, RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { repeatIfLate } from '../../operators/repeat-if-late.js';
import type { CycleEffects } from './effects.js';

/** One health check without a restart before it. It decides whether a raise needs a restart (R7). */
export function recheckHealth(
  target: RestartTarget,
  effects: CycleEffects,
  report?: RestartReport,
): Observable<HealthVerdict> {
  return defer(() =>
    effects.checkHealth(target, report && unseen(report), target.settings.healthCheckTimeoutMs),
  ).pipe(
    take(1),
    catchError((error: unknown) =>
      of<HealthVerdict>({ healthy: false, reason: describeError(error), isUnknown: true }),
    ),
    repeatIfLate(({ healthy }) => healthy, effects.scheduler),
  );
}

/** What the restart has seen of the unit is older than what this check is for. */
function unseen({ seen, ...report }: RestartReport): RestartReport {
  return report;
}
