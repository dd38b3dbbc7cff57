import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TERM_GRACE_MS } from '../commands/run-command.js';
import { Deadline } from './deadline.js';
import type { SystemdClient } from './systemd-client.js';
import type { UnitState } from './unit-properties.js';
import { waitForState } from './wait-for-state.js';

const END_PROPERTIES = ['activeState', 'result', 'execMainCode', 'execMainStatus'] as const;

export type UnitEnd = Pick<UnitState, (typeof END_PROPERTIES)[number]>;

/**
 * Ends a unit with all its processes: SIGTERM, and 2 s later SIGKILL. Nothing of it survives (R16). With KillMode=process
 * a unit ends with its first process, and a shell dies of SIGTERM at once, so this waits for the other processes too.
 */
export async function endUnit(systemd: SystemdClient, name: string): Promise<void> {
  const { controlGroup } = await systemd.show(name, ['controlGroup']);
  try {
    await systemd.kill(name, 'SIGTERM');
    await untilGone(systemd, name, controlGroup);
  } finally {
    await systemd.kill(name, 'SIGKILL');
    await untilGone(systemd, name, controlGroup);
    await systemd.resetFailed(name);
  }
}

async function untilGone(systemd: SystemdClient, name: string, controlGroup: string): Promise<void> {
  const deadline = new Deadline({ timeoutMs: TERM_GRACE_MS });
  await waitForEnd(systemd, name, deadline);
  while (deadline.leftMs > 0 && (await hasProcesses(controlGroup))) await delay(LOOK_AGAIN_MS);
}

/** systemd does not signal that the last process of an inactive unit has ended. */
const LOOK_AGAIN_MS = 25;

/** Where systemd has its control groups: in cgroup v1 in a hierarchy of their own, else in the only one. */
const HIERARCHIES = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup'];

/** False if there is no such group: it goes with its last process. */
async function hasProcesses(controlGroup: string): Promise<boolean> {
  if (controlGroup === '') return false;
  for (const hierarchy of HIERARCHIES) {
    const pids = await readFile(join(hierarchy, controlGroup, 'cgroup.procs'), 'latin1').catch(() => '');
    if (pids !== '') return true;
  }
  return false;
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
