import type { ProcessInstance } from '../processes/find-processes.js';
import { readCgroups, readOwnCgroups } from '../processes/procfs.js';
import type { UnitReader } from './systemd-client.js';
import { isRestartableOwner, unitOfCgroups } from './unit-of-cgroups.js';

/** The unit in which this service runs. Looked up once: every command needs it, and it does not change. */
export async function findOwnUnit(): Promise<string | undefined> {
  own ??= { unit: unitOfCgroups(readOwnCgroups() ?? '') };
  return own.unit;
}

/** Whether this service runs as a unit. If so, processes that a command leaves running would end with the service. */
export async function isInServiceUnit(): Promise<boolean> {
  return (await findOwnUnit())?.endsWith('.service') === true;
}

let own: { readonly unit: string | undefined } | undefined;

/** The unit that manages a running instance (R19), so that restarting the unit restarts the instance. */
export async function findOwningUnit(
  { root, below }: ProcessInstance,
  systemd: UnitReader,
  ownUnit: string | undefined,
): Promise<string | undefined> {
  const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
  if (unit === undefined || !isRestartableOwner(unit, ownUnit)) return undefined;
  const state = await systemd.show(unit, ['loadState', 'mainPid', 'killMode']);
  // A unit that was masked while it ran is still the owner: to restart it fails, and says why. Only one whose file is
  // gone can never be restarted.
  if (state.loadState === 'not-found') return undefined;
  // cron and sshd do not stop the processes that they have started. Those are in the cgroup of the unit but do not
  // belong to it.
  const isMain = [root, ...below].some(({ pid }) => pid === state.mainPid);
  return isMain || (state.killMode !== 'process' && state.killMode !== 'none') ? unit : undefined;
}
