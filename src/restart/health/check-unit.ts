import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { DESCRIBED_PROPERTIES, describeUnitState } from '../systemd/describe-unit-state.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { isUp, oneshotSucceeded } from '../systemd/unit-verdict.js';

const LISTED_PROPERTIES = ['id', 'loadState', 'activeState', 'subState'] as const;

/** Checks whether a unit is active, or a oneshot that did its work. Undefined if there is no such unit. */
export async function checkUnit(systemd: UnitReader, unit: string): Promise<HealthVerdict | undefined> {
  try {
    // Asks only once if the unit is active, as most units are.
    const { id, loadState, activeState, subState } = await systemd.show(unit, LISTED_PROPERTIES);
    if (loadState === 'not-found') return undefined;
    if (isUp({ activeState })) {
      return { healthy: true, detail: `${id} is ${activeState} (${subState})` };
    }
    const state = await systemd.show(unit, DESCRIBED_PROPERTIES);
    const words = `${id} is ${describeUnitState(state)}`;
    return oneshotSucceeded(state) ? { healthy: true, detail: words } : { healthy: false, reason: words };
  } catch (error) {
    return { healthy: false, reason: describeError(error), isUnknown: true };
  }
}
