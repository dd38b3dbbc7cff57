import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { DESCRIBED_PROPERTIES, describeUnitState } from '../systemd/unit-state.js';
import { oneshotSucceeded } from '../systemd/unit-verdict.js';

/** Whether a unit is active, or a oneshot that did its work. Undefined: there is no such unit. */
export async function checkUnit(systemd: UnitReader, unit: string): Promise<HealthVerdict | undefined> {
  try {
    const state = await systemd.show(unit, DESCRIBED_PROPERTIES);
    if (state.loadState === 'not-found') return undefined;
    const healthy =
      state.activeState === 'active' || state.activeState === 'reloading' || oneshotSucceeded(state);
    const words = `${state.id} is ${describeUnitState(state)}`;
    return healthy ? { healthy, detail: words } : { healthy, reason: words };
  } catch (error) {
    return { healthy: false, reason: describeError(error) };
  }
}
