import {
  catchError,
  defer,
  EMPTY,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  switchAll,
  switchMap,
  take,
  timer,
} from 'rxjs';
import { dependsOnBuiltIn } from '../../domain/cycle/built-in-check.js';
import type {
  HealthVerdict,
  RestartReport,
  RestartTarget,
  RunInfo,
} from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import type { Slot } from '../../operators/restart-slots.js';
import { verifyHealth } from '../../operators/verify-health.js';
import type { CycleEffects } from './effects.js';
import { recheckHealth } from './recheck.js';

/** `interrupted`: the service stops, and the process was healthy and running until then. */
type Proof = HealthVerdict | 'interrupted';

interface ProveRestartOptions {
  readonly target: RestartTarget;
  readonly report: RestartReport;
  readonly effects: CycleEffects;
  /** Held on subscription; released while the proof only waits (R8). */
  readonly slot: Slot;
  /** Emits when the alarm is raised again. */
  readonly raises: Observable<unknown>;
}

const HEALTH_CHECK_INTERVAL_MS = 1000;
const DEFAULT_STABLE_FOR_MS = 500;
/** A longer wait than this ends with a second health check, in ms. */
const CHECKED_AGAIN_MS = 1000;

/**
 * Decides whether a restart has succeeded: the process is healthy (R21), and is still the same run when `stable_for`
 * is over (R30). `stable_for` counts from the restart, so the health check runs during it. If the run ends, the
 * attempt has failed at once. A raise brings the second health check forward. If the service stops while the process
 * is healthy, the verdict is `interrupted`. Emits once.
 */
export function proveRestart(options: ProveRestartOptions): Observable<Proof> {
  const { target, report, effects, slot } = options;
  const { settings } = target;
  return defer(() => {
    const restartedAt = effects.scheduler.now();
    const healthy = verifyHealth({
      check: (limitMs) => effects.checkHealth(target, report, limitMs),
      timeoutMs: settings.healthCheckTimeoutMs,
      isUnknownWithoutAnswer: dependsOnBuiltIn(settings),
      ...{ intervalMs: HEALTH_CHECK_INTERVAL_MS, slot, scheduler: effects.scheduler },
    });
    const proven = healthy.pipe(
      switchMap((verdict) =>
        verdict.healthy ? waitUntilStable(verdict, restartedAt, options) : of(verdict),
      ),
    );
    return unless(endOfKnownRun(options), proven);
  });
}

/** If the restart has reported its run, the end of that run is noticed even before the process is healthy. */
function endOfKnownRun({ target, report, effects }: ProveRestartOptions): Observable<Proof> {
  const { run, isSelfReporting = false } = report;
  const stableForMs = stableForOf(target, { isSelfReporting });
  if (!run || stableForMs === 0) return EMPTY;
  return effects.watchRun(run, stableForMs).pipe(
    mergeMap((why) => (why === undefined ? EMPTY : of(ended(why)))),
    catchError((error: unknown) => of(cannotBeTold(error))),
  );
}

function waitUntilStable(
  verdict: HealthVerdict,
  restartedAt: number,
  options: ProveRestartOptions,
): Observable<Proof> {
  const { target, report, effects, slot } = options;
  if (target.settings.stableForMs === 0) return of(verdict);
  return effects.findRun(target, report).pipe(
    switchMap((found) => {
      const stableForMs = stableForOf(target, found);
      const restMs = stableForMs - Math.max(effects.scheduler.now() - restartedAt, 0);
      if (restMs <= 0) return of(verdict);
      slot.release();
      const stopped = effects.slots.closed.pipe(map((): Proof => 'interrupted'));
      const isCheckedAgain = stableForMs > CHECKED_AGAIN_MS;
      return unless(stopped, wait({ ...options, run: found.run, isCheckedAgain }, restMs, verdict));
    }),
    catchError((error: unknown) => of(cannotBeTold(error))),
  );
}

interface WaitOptions extends ProveRestartOptions {
  readonly run: RunInfo['run'];
  readonly isCheckedAgain: boolean;
}

function wait(options: WaitOptions, restMs: number, verdict: HealthVerdict): Observable<Proof> {
  const { target, report, effects, slot, raises, run, isCheckedAgain } = options;
  const { scheduler } = effects;
  return defer(() => {
    const since = scheduler.now();
    // A run that the restart has reported is watched already.
    const over: Observable<string | undefined> = report.run
      ? timer(restMs, scheduler).pipe(map(() => undefined))
      : effects.watchRun(run, restMs);
    const raised = isCheckedAgain ? raises.pipe(map(() => RAISED)) : EMPTY;
    return merge(over, raised).pipe(
      take(1),
      switchMap((end) => {
        if (typeof end === 'string') return of(ended(end));
        if (!isCheckedAgain) return of(verdict);
        return slot.acquire().pipe(
          switchMap(() => recheckHealth(target, effects, report)),
          switchMap((again) => {
            const leftMs = restMs - Math.max(scheduler.now() - since, 0);
            if (end === undefined || !again.healthy || leftMs <= 0) return of(again);
            slot.release();
            return wait(options, leftMs, again);
          }),
        );
      }),
    );
  });
}

const RAISED = Symbol('raised');

/** Passes the source on until `interruption` emits, then that value instead. Emits once. */
function unless(interruption: Observable<Proof>, source: Observable<Proof>): Observable<Proof> {
  return merge(of(source), interruption.pipe(map((proof) => of(proof)))).pipe(switchAll(), take(1));
}

function stableForOf({ settings }: RestartTarget, { isSelfReporting }: RunInfo): number {
  return settings.stableForMs ?? (isSelfReporting ? 0 : DEFAULT_STABLE_FOR_MS);
}

function ended(why: string): HealthVerdict {
  return { healthy: false, reason: `it did not keep running: ${why}` };
}

function cannotBeTold(error: unknown): HealthVerdict {
  const reason = `cannot tell whether it keeps running: ${describeError(error)}`;
  return { healthy: false, reason, isUnknown: true };
}
