import type { UnitState } from './unit-properties.js';

/** What is said of a unit. */
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

/** `failed (result exit-code, status 203)`, for messages. */
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
