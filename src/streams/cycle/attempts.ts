import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  mergeMap,
  Observable,
  of,
  switchMap,
  throwError,
} from 'rxjs';
import type { CycleEvent, CycleEventData, CycleStep } from '../../domain/cycle/cycle-event.js';
import { restartDelay } from '../../domain/cycle/restart-delay.js';
import type { RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError, MonitorError } from '../../domain/errors.js';
import { maxAttempts } from '../../operators/max-attempts.js';
import type { Slot } from '../../operators/restart-slots.js';
import { retryDelay } from '../../operators/retry-delay.js';
import type { CycleEffects } from './effects.js';
import { proveRestart } from './prove-restart.js';

interface AttemptsOptions {
  readonly target: RestartTarget;
  readonly effects: CycleEffects;
  /** Released during `restart_delay` and between two health checks (R8). */
  readonly slot: Slot;
  /** Emits when the alarm is raised again. */
  readonly raises: Observable<unknown>;
  readonly tell: (data: CycleEventData) => CycleEvent;
  /** When the alarm was raised at the latest, ms of the steady clock. */
  readonly raisedAt: number;
  /** Called before each attempt: nothing is restarted for an alarm that was withdrawn. Emits once. */
  readonly isWithdrawn: () => Observable<boolean>;
  /** Whether somebody asked for this restart; part of the `exhausted` event. */
  readonly isOnRequest: boolean;
}

/**
 * Runs the pre-restart command, then attempts of restart and verification until one succeeds or `max_attempts` have
 * failed. Ends with one of `verified`, `exhausted` and `withdrawn`, or with `unproven` if the service stops first.
 */
export function runAttempts(options: AttemptsOptions): Observable<CycleEvent> {
  const { target, effects, slot, tell, isWithdrawn } = options;
  const { maxAttempts: max } = target.settings;
  const delayMs = (retry: number): number => restartDelay(retry, target.settings, effects.random);
  return defer(() => {
    let attempt = 0;
    // What others have done to the unit since the attempt before began, or since the alarm, counts as done for this one.
    let since = options.raisedAt;
    const attempts = defer(() => slot.acquire())
      .pipe(
        switchMap(isWithdrawn),
        switchMap((gone) => {
          if (gone) return of(tell({ type: 'withdrawn' }));
          attempt += 1;
          const doneSince = since;
          since = effects.scheduler.now();
          return runAttempt(attempt, doneSince, options);
        }),
      )
      .pipe(retryDelay(delayMs, effects.scheduler), maxAttempts(max, isTerminal));
    const preRestart = defer(() => slot.acquire())
      .pipe(
        switchMap(isWithdrawn),
        switchMap((gone) =>
          gone
            ? EMPTY
            : concat(
                target.settings.preRestartCommand === undefined
                  ? EMPTY
                  : of(tell({ type: 'pre-restart-started' })),
                effects.runPreRestart(target).pipe(ignoreElements()),
              ),
        ),
      )
      .pipe(catchError((error: unknown) => throwError(() => new StepFailed('pre-restart', error))));
    return concat(preRestart, attempts).pipe(
      catchError((error: unknown) => {
        const { step, reason } = toStepFailed(error);
        return of(
          tell({
            type: 'exhausted',
            step,
            reason,
            attempts: attempt,
            ...(options.isOnRequest && { isManual: true }),
          }),
        );
      }),
    );
  });
}

function runAttempt(
  attempt: number,
  since: number,
  { target, effects, slot, raises, tell }: AttemptsOptions,
): Observable<CycleEvent> {
  const { scheduler } = effects;
  const { maxAttempts: max } = target.settings;
  const startedAt = scheduler.now();
  const tookMs = (): number => scheduler.now() - startedAt;
  const restart = restartTelling(target, effects, slot, since).pipe(
    catchError((error: unknown) => throwError(() => new StepFailed('restart', error))),
  );
  const verify = (report: RestartReport): Observable<CycleEvent> =>
    proveRestart({ target, report, effects, slot, raises }).pipe(
      map((proof) => {
        if (proof === 'interrupted') return tell({ type: 'unproven', attempt, report });
        // An unknown result of the health check is no reason for another restart (R27).
        if (!proof.healthy) throw new StepFailed('verify', new Error(proof.reason), !proof.isUnknown);
        return tell({ type: 'verified', attempt, report, detail: proof.detail, tookMs: tookMs() });
      }),
    );
  return concat(
    of(tell({ type: 'attempt-started', attempt, maxAttempts: max })),
    restart.pipe(
      mergeMap((report) =>
        report === BEGUN
          ? of(tell({ type: 'restart-begun', attempt }))
          : concat(of(tell({ type: 'restarted', attempt, report, tookMs: tookMs() })), verify(report)),
      ),
    ),
  ).pipe(
    catchError((error: unknown) => {
      slot.release();
      const failed = toStepFailed(error);
      const { step, reason } = failed;
      const told = tell({ type: 'attempt-failed', attempt, maxAttempts: max, step, reason });
      return concat(
        of(told),
        throwError(() => failed),
      );
    }),
  );
}

const BEGUN = Symbol('begun');

/** Emits BEGUN when the restart has begun, then its report. */
function restartTelling(
  target: RestartTarget,
  effects: CycleEffects,
  slot: Slot,
  since: number,
): Observable<RestartReport | typeof BEGUN> {
  return new Observable((subscriber) => {
    let hasBegun = false;
    const onBegun = (): void => {
      // Several units may be restarted, or a command may be tried in another way. Only the first one counts.
      if (!hasBegun) subscriber.next(BEGUN);
      hasBegun = true;
    };
    subscriber.add(defer(() => effects.restart(target, onBegun, slot, since)).subscribe(subscriber));
  });
}

/** The step in which an attempt failed. Terminal if its cause says that another try cannot help. */
class StepFailed extends MonitorError {
  readonly reason: string;
  readonly retryable: boolean;

  constructor(
    readonly step: CycleStep,
    cause: unknown,
    mayRetry = true,
  ) {
    const reason = describeError(cause);
    super(`${step}: ${reason}`, { cause });
    this.reason = reason;
    this.retryable = mayRetry && (!(cause instanceof MonitorError) || cause.retryable);
  }
}

function toStepFailed(error: unknown): StepFailed {
  return error instanceof StepFailed ? error : new StepFailed('restart', error);
}

function isTerminal(error: unknown): boolean {
  return error instanceof MonitorError && !error.retryable;
}
