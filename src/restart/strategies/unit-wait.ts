import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { restartUnit } from '../systemd/restart-unit.js';
import type { RestartContext } from './strategy.js';

/** How the restart of a unit is waited for, and what it shares with others. */
export function unitWait(
  { systemName, settings }: RestartTarget,
  { signal, onBegun, unfinished, shared, since }: RestartContext,
): Parameters<typeof restartUnit>[2] {
  return {
    timeoutMs: settings.restartTimeoutMs,
    ...{ signal, onBegun, unfinished },
    sharing: { restarts: shared, by: systemName, since },
  };
}
