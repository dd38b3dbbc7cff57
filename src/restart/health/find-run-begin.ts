import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { RecentReadings } from '../strategies/recent-readings.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { isUp } from '../systemd/unit-verdict.js';

/**
 * When the present run of the process's unit began, ms since the boot; undefined if it has no unit, the unit does not
 * run, or systemd gives no answer. Never rejects.
 */
export type FindRunBegin = (target: RestartTarget) => Promise<number | undefined>;

/** The restart that may follow uses what is read here. `readings`: undefined if this host has no systemd. */
export function createFindRunBegin(readings: RecentReadings | undefined): FindRunBegin {
  return async (target) => {
    const { systemName, settings } = target;
    if (!readings || settings.restartStrategy === 'process') return undefined;
    try {
      const unit = unitNameOf(systemName);
      const { loadState, activeState, inactiveExitTimestamp, execMainStartTimestamp } = await readings
        .before(target)
        .show(unit, [
          ...['loadState', 'activeState', 'inactiveExitTimestamp', 'execMainStartTimestamp'],
        ] as const);
      if (loadState !== 'loaded' || !(isUp({ activeState }) || activeState === 'activating'))
        return undefined;
      // A unit that systemd starts again directly (RestartMode=direct) is never inactive in between.
      const beganAt = Math.max(inactiveExitTimestamp, execMainStartTimestamp);
      return beganAt === 0 ? undefined : beganAt / 1000;
    } catch {
      return undefined;
    }
  };
}
