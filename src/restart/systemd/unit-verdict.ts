import { describeUnitState } from './describe-unit-state.js';
import type { UnitState } from './unit-properties.js';

/** The properties by which a unit is judged after its restart. */
export const JUDGED_PROPERTIES = [
  'activeState',
  'subState',
  'type',
  'result',
  'invocationId',
  'nRestarts',
  'mainPid',
  'execMainStatus',
  'conditionResult',
  'conditionTimestamp',
] as const;

export type JudgedUnit = Pick<UnitState, (typeof JUDGED_PROPERTIES)[number]>;

/** The only properties that are read of a unit that is up. */
export const RUN_PROPERTIES = [
  'activeState',
  'subState',
  'type',
  'invocationId',
  'nRestarts',
  'mainPid',
] as const;

export type RunningUnit = Pick<UnitState, (typeof RUN_PROPERTIES)[number]>;

/** Whether the unit is up in a new run. Usually it is, and nothing else need be read then. */
export function runsAnew(
  before: Pick<UnitState, 'invocationId'>,
  { activeState, invocationId }: Pick<UnitState, 'activeState' | 'invocationId'>,
): boolean {
  return isUp({ activeState }) && invocationId !== '' && invocationId !== before.invocationId;
}

/** Whether a unit is up, also while it is reloaded. Newer versions of systemd call a part of that `refreshing`. */
export function isUp({ activeState }: Pick<UnitState, 'activeState'>): boolean {
  return UP.has(activeState);
}

const UP: ReadonlySet<string> = new Set(['active', 'reloading', 'refreshing']);

type UnitVerdict =
  | { readonly verdict: 'runs' }
  | { readonly verdict: 'wait' }
  | { readonly verdict: 'failed'; readonly reason: string };

/**
 * Judges whether a unit that was just restarted is up again (R17). The result of the job does not say that: it is
 * `done` for a simple service whose executable is missing, and for a unit whose Condition… is not met.
 */
export function judgeRestart(before: Pick<UnitState, 'invocationId'>, after: JudgedUnit): UnitVerdict {
  if (runsAnew(before, after)) return { verdict: 'runs' };
  if (isUp(after)) {
    return { verdict: 'failed', reason: 'systemd still shows the old run: the unit was not restarted' };
  }
  if (after.activeState === 'activating' && after.subState !== 'auto-restart') return { verdict: 'wait' };
  if (after.activeState === 'inactive' && !after.conditionResult && after.conditionTimestamp > 0) {
    return { verdict: 'failed', reason: 'a Condition… of it is not met, so systemd did not start it' };
  }
  if (oneshotSucceeded(after) && (after.invocationId === '' || after.invocationId !== before.invocationId)) {
    // systemd forgets the run of a oneshot without dependents as soon as it has ended.
    return { verdict: 'runs' };
  }
  return { verdict: 'failed', reason: `it is ${describeUnitState(after)}` };
}

/** Whether a oneshot has done its work. It is inactive then. */
export function oneshotSucceeded(state: Pick<UnitState, 'type' | 'activeState' | 'result'>): boolean {
  return state.type === 'oneshot' && state.activeState === 'inactive' && state.result === 'success';
}

/** Whether a service itself reports when it is ready or done. systemd calls it active only then (R30). */
export function isSelfReporting({ type }: Pick<UnitState, 'type'>): boolean {
  return SELF_REPORTING.has(type);
}

const SELF_REPORTING: ReadonlySet<string> = new Set([
  'notify',
  'notify-reload',
  'dbus',
  'forking',
  'oneshot',
]);
