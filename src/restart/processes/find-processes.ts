import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { judgeSetUid } from './judge-set-uid.js';
import { isDead, isSameProcess, type ProcessIdentity, type ProcessStat } from './process-info.js';
import { type ProcessList, readProcessList } from './process-list.js';
import { ProcessTree } from './process-tree.js';
import { readStatus } from './procfs.js';
import { mayHaveName } from './program-names.js';

/** One instance of a program: its topmost process and what is stopped together with it. */
export interface ProcessInstance {
  readonly root: ProcessStat;
  /** Its descendants: workers, or the program that a wrapper script runs in the foreground. */
  readonly below: readonly ProcessStat[];
}

interface FoundProcesses {
  /** In order of their start. */
  readonly instances: readonly ProcessInstance[];
  /** Instances on a terminal. They belong to somebody's session and are no daemons (R28). */
  readonly onTerminal: readonly ProcessInstance[];
  /** Whether the name also matches this service or one of its ancestors. */
  readonly fitsOurselves: boolean;
}

/** Whose processes count: those of this user, and these, whatever their user is. */
export interface OwnedBy {
  readonly uid: number;
  readonly known?: readonly ProcessIdentity[];
}

/**
 * Finds the instances of a program; with `owner`, only those that are his. Rejects with CannotTellError if no instance was
 * found but a process that could not be read, or whose user could not be told, may be one (R27).
 */
export type FindProcesses = (name: string, owner?: OwnedBy) => Promise<FoundProcesses>;

/**
 * Finds the running instances of a program by executable and arguments, not by the 15 characters of its comm (R18). A
 * process matches if its executable, its argv[0] or (for an interpreter) its script has this base name. Leaves out
 * this service, its ancestors, kernel threads, zombies, the processes of containers, and set-uid programs of root that
 * another user has started (R29).
 */
export const findProcesses: FindProcesses = async (name, owner) => {
  const list = await readProcessList();
  return findInList(
    list,
    { name, owner },
    new ProcessTree(list.stats).ancestorsOf(process.pid).add(process.pid),
  );
};

/** Does the same in a list that was read before. `ours`: pids that are never an instance. */
export async function findInList(
  { stats, programs }: ProcessList,
  { name, owner }: { readonly name: string; readonly owner?: OwnedBy | undefined },
  ours: ReadonlySet<number>,
): Promise<FoundProcesses> {
  const fitting = programs.flatMap(({ stat, names }) =>
    names.includes(name) && readStatus(stat.pid)?.inContainer === false ? [stat] : [],
  );
  const isTheirs = (stat: ProcessStat): boolean =>
    owner === undefined ||
    owner.known?.some((known) => isSameProcess(known, stat)) === true ||
    readStatus(stat.pid)?.credentials.uid === owner.uid;
  // By user before by family: the daemon may run below a process of another user with the same name.
  const { own: found, unknown } = await judgeSetUid(
    fitting.filter((stat) => !ours.has(stat.pid) && isTheirs(stat)),
  );
  const tree = new ProcessTree(stats);
  const topmost = tree.topmostOf(new Set(found.map(({ pid }) => pid)));
  const instances = found
    .filter(({ pid }) => topmost.has(pid))
    .sort((a, b) => a.startTime - b.startTime || a.pid - b.pid)
    .map((root) => ({
      root,
      below: tree.descendantsOf(new Set([root.pid])).filter((stat) => !isDead(stat) && !ours.has(stat.pid)),
    }));
  const unread = programs.find(
    ({ stat, executable, isUnread }) =>
      isUnread === true &&
      mayHaveName(name, executable, stat) &&
      isTheirs(stat) &&
      !ours.has(stat.pid) &&
      readStatus(stat.pid)?.inContainer === false,
  );
  if (instances.length === 0 && unread) {
    throw new CannotTellError(describeUnread(name, unread.stat), { remedy: UNREAD_REMEDY });
  }
  const [untold] = unknown;
  if (instances.length === 0 && untold) {
    throw new CannotTellError(describeUntold(name, untold), { remedy: UNTOLD_REMEDY });
  }
  return {
    instances: instances.filter(({ root }) => root.terminal === 0),
    onTerminal: instances.filter(({ root }) => root.terminal !== 0),
    fitsOurselves: fitting.some(({ pid }) => ours.has(pid)),
  };
}

const UNREAD_REMEDY = 'end that process, or set process_user';

function describeUnread(name: string, { pid, comm }: ProcessStat): string {
  return `cannot tell whether ${name} is running: pid ${pid} (${comm}) may be it, but its arguments cannot be read`;
}

const UNTOLD_REMEDY = 'end that process, or let this service have CAP_SYS_PTRACE';

function describeUntold(name: string, { pid, comm }: ProcessStat): string {
  return `cannot tell whether ${name} is running: pid ${pid} (${comm}) may be it, but its executable cannot be looked at`;
}
