import { EMPTY, filter, map, type Observable, switchMap, take } from 'rxjs';
import type { UnitRun } from '../../domain/cycle/restart-target.js';
import { describeUnitState } from './describe-unit-state.js';
import type { SystemdClient } from './systemd-client.js';
import {
  isUp,
  JUDGED_PROPERTIES,
  type JudgedUnit,
  oneshotSucceeded,
  RUN_PROPERTIES,
} from './unit-verdict.js';

/**
 * Emits the reason, for a message, when this run of a unit has ended (R30), then completes. The run may have ended
 * before the subscription. A oneshot that did its work has not ended. Errors with RestartError if systemd cannot be
 * reached (R27).
 */
export function endOfRun(systemd: SystemdClient, run: UnitRun): Observable<string> {
  return systemd.watch(run.unit, RUN_PROPERTIES).pipe(
    // The rest is read only after something has happened.
    switchMap((state) => (goesOn(run, state) ? EMPTY : systemd.show(run.unit, JUDGED_PROPERTIES))),
    map((state) => whyEnded(run, state)),
    filter((why) => why !== undefined),
    take(1),
  );
}

/** Why this run has ended; undefined if it is still the same run. Pure. */
export function whyEnded(run: UnitRun, state: JudgedUnit): string | undefined {
  // A run that ended and was not started again keeps its InvocationID until systemd forgets it.
  const isOther = state.invocationId !== run.invocationId && state.invocationId !== '';
  if (state.nRestarts > run.nRestarts) return `systemd has started it again (Restart=)`;
  if (isOther) return 'it was started again meanwhile';
  if (oneshotSucceeded(state)) return undefined;
  return isUp(state) ? undefined : `it is ${describeUnitState(state)}`;
}

type RunState = Pick<JudgedUnit, 'activeState' | 'invocationId' | 'nRestarts'>;

function goesOn(run: UnitRun, state: RunState): boolean {
  return isUp(state) && state.invocationId === run.invocationId && state.nRestarts === run.nRestarts;
}
