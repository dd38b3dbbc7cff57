import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { runCommand } from '../commands/run-command.js';
import type { Credentials } from '../processes/process-info.js';
import { isSystemdRunning } from '../systemd/detect-systemd.js';

const ID_TIMEOUT_MS = 5000;

/**
 * The reason why a unit could not restore the groups of a process (R28); undefined if it could. systemd gives a user
 * all of his groups, so a process that gave some of them up would come back with more rights than it had.
 */
export async function refuseMissingGroups({ uid, gid, groups }: Credentials): Promise<string | undefined> {
  if (uid === 0 || !isSystemdRunning()) return undefined;
  const held = new Set([gid, ...groups]);
  const extra = (await groupsOfUser(uid)).filter((group) => !held.has(group));
  return extra.length === 0 ? undefined : `runs without the groups ${extra.join(', ')} of its user`;
}

/** Empty for a user that this host does not know: systemd adds no groups either. */
async function groupsOfUser(uid: number): Promise<readonly number[]> {
  const result = await runCommand({ argv: ['id', '-G', `${uid}`] }, { timeoutMs: ID_TIMEOUT_MS });
  if (result.outcome !== 'exited' || result.exitCode > 1) {
    throw new CannotTellError(`cannot tell the groups of user ${uid}: ${describeCommandFailure(result)}`);
  }
  if (result.exitCode !== 0) return [];
  return result.output.trim().split(/\s+/).filter(Boolean).map(Number);
}
