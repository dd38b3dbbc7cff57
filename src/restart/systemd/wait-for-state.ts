import { filter, firstValueFrom, takeUntil } from 'rxjs';
import type { Deadline } from './deadline.js';
import type { SystemdClient } from './systemd-client.js';
import type { UnitProperty, UnitState } from './unit-properties.js';

/**
 * Waits for a state of a unit that fits. Undefined if none came before the deadline. If this service was stopped
 * (SIGSTOP, a paused machine), the deadline fires before news that came in time is handled, so systemd is asked once
 * more.
 */
export async function waitForState<K extends UnitProperty>(
  systemd: Pick<SystemdClient, 'show' | 'watch'>,
  unit: string,
  properties: readonly K[],
  fits: (state: Pick<UnitState, K>) => boolean,
  deadline: Deadline,
): Promise<Pick<UnitState, K> | undefined> {
  const fitting = systemd.watch(unit, properties).pipe(filter(fits), takeUntil(deadline.ends));
  const seen = await firstValueFrom(fitting, { defaultValue: undefined });
  if (seen || deadline.isAborted) return seen;
  const late = await systemd.show(unit, properties).catch(() => undefined);
  return late && fits(late) ? late : undefined;
}
