import { CannotTellError, RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { runCommand } from '../commands/run-command.js';
import { type FindProcesses, findProcesses, type OwnedBy } from '../processes/find-processes.js';
import { readStatus } from '../processes/procfs.js';
import { isOfRoot, isRoots } from '../start/own-starts.js';
import type { StartMemory } from '../start/start-memory.js';

const ASK_TIMEOUT_MS = 5000;

/**
 * Finds the processes of a target: those of its name and, if known, of its user (R29). A program of another user with
 * the same name is not the daemon. Root's, if it was running as root when it was last seen, or if a process of root is found:
 * then a program of another user is not this process. The very process that was seen as root's still is: it may have given up
 * root since. Throws RestartError if the user cannot be looked up.
 */
export function findOfTarget(
  { settings }: RestartTarget,
  memory: StartMemory | undefined,
  find: FindProcesses = findProcesses,
): FindProcesses {
  // Once it is known to be root's, it stays so for this caller: he may stop root's processes, and look again.
  let isOfRootAlone = false;
  return async (name) => {
    const { processUser } = settings;
    if (processUser !== undefined) return find(name, { uid: await uidOf(processUser) });
    const remembered = memory?.get(name) ?? [];
    const ofRoot: OwnedBy = {
      uid: 0,
      known: remembered.filter(isOfRoot).flatMap(({ seenAs }) => seenAs ?? []),
    };
    isOfRootAlone ||= remembered.length > 0 && remembered.every(isOfRoot);
    if (isOfRootAlone) return find(name, ofRoot);
    const found = await find(name);
    const processes = found.instances.map(({ root }) => ({
      ...root,
      isOfRoot: readStatus(root.pid)?.credentials.uid === 0,
    }));
    isOfRootAlone = isRoots(processes, remembered);
    return isOfRootAlone ? find(name, ofRoot) : found;
  };
}

const uids = new Map<string, number>();

/** Looks up a uid with id(1), which also knows users of a directory service. Asked once, because uids do not change. */
async function uidOf(user: string): Promise<number> {
  if (/^\d+$/.test(user)) return Number(user);
  const known = uids.get(user);
  if (known !== undefined) return known;
  const result = await runCommand({ argv: ['id', '-u', '--', user] }, { timeoutMs: ASK_TIMEOUT_MS });
  const uid = Number(result.output.trim());
  if (result.outcome !== 'exited' || result.exitCode > 1) {
    throw new CannotTellError(`process_user: id ${user}: ${describeCommandFailure(result)}`);
  }
  if (result.exitCode !== 0 || !Number.isSafeInteger(uid)) {
    throw new RestartError(`process_user: there is no user ${user}`, true, {
      remedy: 'correct process_user',
    });
  }
  uids.set(user, uid);
  return uid;
}
