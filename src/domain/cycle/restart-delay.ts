import { backoffDelay } from '../backoff.js';
import type { ProcessSettings } from './process-settings.js';

/**
 * Returns how many ms to wait before repetition `retry` (1 is the second attempt). The delay doubles from
 * `restart_delay` up to `restart_delay_max` (R34). The random part is taken off only above `restart_delay`: the
 * administrator asked for at least that much. `random` returns a number in [0, 1).
 */
export function restartDelay(
  retry: number,
  {
    restartDelayMs: firstMs,
    restartDelayMaxMs: maxMs = firstMs,
  }: Pick<ProcessSettings, 'restartDelayMs' | 'restartDelayMaxMs'>,
  random: () => number,
): number {
  return Math.max(firstMs, backoffDelay(retry, { firstMs, maxMs }, random));
}
