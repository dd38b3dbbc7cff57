import { RestartError, type RestartReport, type RestartTarget } from '../domain/restart.js';
import { restartUnit } from './restart-unit.js';
import type { RestartContext } from './strategy.js';
import { unitNameOf } from './unit-name.js';

/** Strategy `service` (R17). Throws RestartError. */
export async function restartService(
  target: RestartTarget,
  { signal, systemctl }: RestartContext,
): Promise<RestartReport> {
  if (!systemctl) {
    throw new RestartError('strategy service: systemd is not running here', false, {
      remedy: 'set restart_strategy to process, or to custom with a restart_command',
    });
  }
  return restartUnit(systemctl, unitNameOf(target.systemName), {
    timeoutMs: target.settings.restartTimeoutMs,
    signal,
  });
}
