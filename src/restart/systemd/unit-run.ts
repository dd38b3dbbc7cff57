import { filter, map, type Observable, take } from 'rxjs';
import type { UnitRun } from '../../domain/cycle/restart-target.js';
import { describeUnitState } from './describe-unit-state.js';
import type { SystemdClient } from './systemd-client.js';
import { JUDGED_PROPERTIES, type JudgedUnit, oneshotSucceeded } from './unit-verdict.js';

/**
 * Emits once, and completes, when this run of a unit has ended (R30): why, for a message. It may have ended before; a
 * oneshot that did its work has not. Errors with RestartError where systemd cannot be asked (R27).
 */
export function endOfRun(systemd: SystemdClient, run: UnitRun): Observable<string> {
  return systemd.watch(run.unit, JUDGED_PROPERTIES).pipe(
    map((state) => whyEnded(run, state)),
    filter((why) => why !== undefined),
    take(1),
  );
}

/** Pure. Undefined: it is the same run, and goes on. */
export function whyEnded(run: UnitRun, state: JudgedUnit): string | undefined {
  // What ended without anybody starting it again still has its InvocationID, until systemd forgets it.
  const isOther = state.invocationId !== run.invocationId && state.invocationId !== '';
  if (state.nRestarts > run.nRestarts) return `systemd has started it again (Restart=)`;
  if (isOther) return 'it was started again meanwhile';
  if (oneshotSucceeded(state)) return undefined;
  const runs = ['active', 'reloading', 'refreshing'].includes(state.activeState);
  return runs ? undefined : `it is ${describeUnitState(state)}`;
}
