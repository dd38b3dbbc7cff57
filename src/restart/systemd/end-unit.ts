import { TERM_GRACE_MS } from './command-unit.js';
import { Deadline } from './deadline.js';
import type { SystemdClient } from './systemd-client.js';
import type { UnitState } from './unit-properties.js';
import { waitForState } from './wait-for-state.js';

const END_PROPERTIES = ['activeState', 'result', 'execMainCode', 'execMainStatus'] as const;

export type UnitEnd = Pick<UnitState, (typeof END_PROPERTIES)[number]>;

/** Ends a unit with all its processes: SIGTERM, and 2 s later SIGKILL. Nothing of it survives (R16). */
export async function endUnit(systemd: SystemdClient, name: string): Promise<void> {
  try {
    await systemd.kill(name, 'SIGTERM');
    await waitForEnd(systemd, name, new Deadline({ timeoutMs: TERM_GRACE_MS }));
  } finally {
    // Always needed: the first process may have ended while its children are still running.
    await systemd.kill(name, 'SIGKILL');
    await waitForEnd(systemd, name, new Deadline({ timeoutMs: TERM_GRACE_MS }));
    await systemd.resetFailed(name);
  }
}

/** Resolves to how the unit ended; undefined if it did not end before the deadline. */
export function waitForEnd(
  systemd: SystemdClient,
  name: string,
  deadline: Deadline,
): Promise<UnitEnd | undefined> {
  const hasEnded = ({ activeState }: UnitEnd): boolean =>
    activeState === 'inactive' || activeState === 'failed';
  return waitForState(systemd, name, END_PROPERTIES, hasEnded, deadline);
}
