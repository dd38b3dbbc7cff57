import { CannotTellError, RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { runCommand } from '../commands/run-command.js';
import { type FindProcesses, findProcesses, type OwnedBy } from '../processes/find-processes.js';
import type { StartMemory } from '../start/start-memory.js';

const ASK_TIMEOUT_MS = 5000;

/**
 * Finds the processes of a target: those of its name and, if known, of its user (R29). A program of another user with
 * the same name is not the daemon. Throws RestartError if the user cannot be looked up.
 */
export function findOfTarget(
  { settings }: RestartTarget,
  memory: StartMemory | undefined,
  find: FindProcesses = findProcesses,
): FindProcesses {
  return async (name) => {
    const { processUser } = settings;
    const owner =
      processUser === undefined ? rememberedRoot(name, memory) : { uid: await uidOf(processUser) };
    return find(name, owner);
  };
}

/**
 * Root, if the process was running as root when it was last seen. Then a program of another user is not this process. The
 * very process that was seen still is: it may have given up root since.
 */
function rememberedRoot(name: string, memory: StartMemory | undefined): OwnedBy | undefined {
  const starts = memory?.get(name) ?? [];
  if (starts.length === 0 || starts.some(({ credentials }) => credentials?.uid !== 0)) return undefined;
  return { uid: 0, known: starts.flatMap(({ seenAs }) => seenAs ?? []) };
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
