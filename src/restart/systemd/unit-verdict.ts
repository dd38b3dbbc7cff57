import { describeUnitState, type UnitState } from './unit-state.js';

type UnitVerdict =
  | { readonly verdict: 'runs' }
  | { readonly verdict: 'wait' }
  | { readonly verdict: 'failed'; readonly reason: string };

/**
 * Whether a unit that was just restarted runs again (R17). The exit code of `systemctl restart` cannot tell: it is 0
 * for a simple service whose executable is missing.
 */
export function judgeRestart(before: UnitState, after: UnitState): UnitVerdict {
  const newRun = after.invocationId !== '' && after.invocationId !== before.invocationId;
  if (after.activeState === 'active' || after.activeState === 'reloading') {
    return newRun
      ? { verdict: 'runs' }
      : { verdict: 'failed', reason: 'it still is the run from before the restart' };
  }
  if (after.activeState === 'activating' && after.subState !== 'auto-restart') return { verdict: 'wait' };
  if (oneshotSucceeded(after) && (newRun || after.invocationId === '')) {
    // systemd forgets the run of a oneshot that nothing refers to as soon as it has ended.
    return { verdict: 'runs' };
  }
  return { verdict: 'failed', reason: `it is ${describeUnitState(after)}` };
}

/** A oneshot is inactive once it has done its work. */
export function oneshotSucceeded(state: UnitState): boolean {
  return state.type === 'oneshot' && state.activeState === 'inactive' && state.result === 'success';
}

/** A service that systemd calls active as soon as it is forked, before anyone knows whether it can be executed. */
export function isActiveBeforeExec(state: UnitState): boolean {
  return state.type === 'simple' || state.type === 'idle' || state.type === 'exec';
}
