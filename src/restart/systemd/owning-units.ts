import type { ProcessInstance } from '../processes/find-processes.js';
import { readCgroups, readOwnCgroups } from '../processes/procfs.js';
import { isRestartableOwner, unitOfCgroups } from './cgroup-unit.js';
import type { UnitReader } from './systemd-client.js';

/** The unit that this service itself runs in. Looked up once: every command asks, and nobody moves us. */
export async function findOwnUnit(): Promise<string | undefined> {
  own ??= { unit: unitOfCgroups(readOwnCgroups() ?? '') };
  return own.unit;
}

let own: { readonly unit: string | undefined } | undefined;

/** The unit that manages a running instance (R19): a restart of the unit is a restart of it. */
export async function findOwningUnit(
  { root, below }: ProcessInstance,
  systemd: UnitReader,
  ownUnit: string | undefined,
): Promise<string | undefined> {
  const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
  if (unit === undefined || !isRestartableOwner(unit, ownUnit)) return undefined;
  const state = await systemd.show(unit, ['loadState', 'mainPid', 'killMode']);
  if (state.loadState !== 'loaded') return undefined;
  // cron and sshd leave what they have started alone when they stop: it is in their cgroup and not theirs.
  const isMain = [root, ...below].some(({ pid }) => pid === state.mainPid);
  return isMain || (state.killMode !== 'process' && state.killMode !== 'none') ? unit : undefined;
}
