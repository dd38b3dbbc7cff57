import { backoffDelay } from '../backoff.js';
import type { ProcessSettings } from './process-settings.js';

/**
 * Ms to wait before repetition `retry` (1 is the second attempt). Doubles from `restart_delay` up to `restart_delay_max`
 * (R34). The random part is taken off only where `restart_delay` is left: that much the administrator asked for.
 * `random` returns [0, 1).
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
