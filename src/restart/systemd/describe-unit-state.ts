import type { UnitState } from './unit-properties.js';

/** The properties that `describeUnitState` and its callers show. */
export const DESCRIBED_PROPERTIES = [
  'id',
  'loadState',
  'activeState',
  'subState',
  'type',
  'result',
  'mainPid',
  'execMainStatus',
] as const;

export type DescribedUnit = Pick<UnitState, (typeof DESCRIBED_PROPERTIES)[number]>;

/** Describes the state of a unit for messages: `failed (result exit-code, status 203)`. */
export function describeUnitState(
  state: Pick<UnitState, 'activeState' | 'subState' | 'result' | 'execMainStatus'>,
): string {
  const details = [
    ...(state.subState === '' || state.subState === state.activeState ? [] : [state.subState]),
    ...(state.result === '' || state.result === 'success' ? [] : [`result ${state.result}`]),
    ...(state.execMainStatus === 0 ? [] : [`status ${state.execMainStatus}`]),
  ];
  return details.length === 0 ? state.activeState : `${state.activeState} (${details.join(', ')})`;
}
