import { TERM_GRACE_MS } from './command-unit.js';
import { Deadline } from './deadline.js';
import type { SystemdClient } from './systemd-client.js';
import type { UnitState } from './unit-properties.js';
import { waitForState } from './wait-for-state.js';

const END_PROPERTIES = ['activeState', 'result', 'execMainCode', 'execMainStatus'] as const;

export type UnitEnd = Pick<UnitState, (typeof END_PROPERTIES)[number]>;

/** Ends a unit with all its processes: SIGTERM, and SIGKILL 2 s later. Nothing of it survives (R16). */
export async function endUnit(systemd: SystemdClient, name: string): Promise<void> {
  try {
    await systemd.kill(name, 'SIGTERM');
    await waitForEnd(systemd, name, new Deadline({ timeoutMs: TERM_GRACE_MS }));
  } finally {
    // Also where the first process is gone: those that it started need not be.
    await systemd.kill(name, 'SIGKILL');
    await waitForEnd(systemd, name, new Deadline({ timeoutMs: TERM_GRACE_MS }));
    await systemd.resetFailed(name);
  }
}

/** How a unit ended; undefined: not within the deadline. */
export function waitForEnd(
  systemd: SystemdClient,
  name: string,
  deadline: Deadline,
): Promise<UnitEnd | undefined> {
  const hasEnded = ({ activeState }: UnitEnd): boolean =>
    activeState === 'inactive' || activeState === 'failed';
  return waitForState(systemd, name, END_PROPERTIES, hasEnded, deadline);
}
