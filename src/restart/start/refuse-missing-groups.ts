import { runCommand } from '../commands/run-command.js';
import type { Credentials } from '../processes/process-info.js';
import { isSystemdRunning } from '../systemd/detect-systemd.js';

const ID_TIMEOUT_MS = 5000;

/**
 * Why a unit could not give a process back its groups (R28); undefined: it could. systemd gives a user all groups that
 * the user has, so that a process which gave some of them up would come back with more rights than it had.
 */
export async function refuseMissingGroups({ uid, gid, groups }: Credentials): Promise<string | undefined> {
  if (uid === 0 || !isSystemdRunning()) return undefined;
  const held = new Set([gid, ...groups]);
  const extra = (await groupsOfUser(uid)).filter((group) => !held.has(group));
  return extra.length === 0 ? undefined : `runs without the groups ${extra.join(', ')} of its user`;
}

/** None for a user that this host does not know: systemd adds no group either. */
async function groupsOfUser(uid: number): Promise<readonly number[]> {
  const result = await runCommand({ argv: ['id', '-G', `${uid}`] }, { timeoutMs: ID_TIMEOUT_MS });
  if (result.outcome !== 'exited' || result.exitCode !== 0) return [];
  return result.output.trim().split(/\s+/).filter(Boolean).map(Number);
}
