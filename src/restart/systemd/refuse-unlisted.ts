import { namesTheHost } from '../../domain/cycle/names-the-host.js';
import type { UnitState } from './unit-properties.js';
import { isUp } from './unit-verdict.js';

/** The properties that decide whether a unit may be restarted for a name without a section. */
export const NATURE_PROPERTIES = [
  'id',
  'names',
  'loadState',
  'activeState',
  'successAction',
  'failureAction',
  'startLimitAction',
  'jobTimeoutAction',
] as const;

/** Further properties that matter if the unit does not run. */
export const PAST_PROPERTIES = ['unitFileState', 'triggeredBy', 'inactiveExitTimestamp'] as const;

type Nature = Pick<UnitState, (typeof NATURE_PROPERTIES)[number]>;
type Past = Pick<UnitState, (typeof PAST_PROPERTIES)[number]>;

/**
 * The reason why this unit may not be restarted for a name without a section (R25); undefined if it may. `triggers`
 * are the units that start it. Considers all names of the unit, so that an alias cannot bypass the rule. Pure.
 */
export function refuseUnlisted(
  unit: Nature & Past,
  triggers: readonly Pick<UnitState, 'activeState'>[],
): string | undefined {
  const ofHost = [unit.id, ...unit.names].find(namesTheHost);
  if (ofHost !== undefined) return `${ofHost} belongs to the host itself`;
  const action = ACTIONS.find((key) => unit[key] !== '' && unit[key] !== 'none');
  if (action !== undefined) {
    const property = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    return `${unit.id} may take the host down (${property}=${unit[action]})`;
  }
  if (runsNow(unit) || hasRun(unit) || triggers.some(({ activeState }) => activeState === 'active'))
    return undefined;
  return `${unit.id} does not run, is not enabled and has not run since the host came up`;
}

const ACTIONS = ['successAction', 'failureAction', 'startLimitAction', 'jobTimeoutAction'] as const;
const BEGAN_OR_ENDED: ReadonlySet<string> = new Set(['activating', 'deactivating', 'failed']);

/** Whether the unit runs, begins or ends, or has failed, so that its past does not matter. */
export function runsNow({ activeState }: Pick<UnitState, 'activeState'>): boolean {
  return isUp({ activeState }) || BEGAN_OR_ENDED.has(activeState);
}

function hasRun(unit: Past): boolean {
  return (
    unit.unitFileState === 'enabled' ||
    unit.unitFileState === 'enabled-runtime' ||
    unit.inactiveExitTimestamp > 0
  );
}
