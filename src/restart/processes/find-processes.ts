import { basename } from 'node:path';
import { type Executable, isDead, type ProcessStat } from './process-info.js';
import { type ProcessList, readProcessList } from './process-list.js';
import { ancestorsOf, descendantsOf } from './process-tree.js';
import { readStatus } from './procfs.js';
import { scriptArgument } from './script-argument.js';

/** One instance of a program: its topmost process and what is to be stopped together with it. */
export interface ProcessInstance {
  readonly root: ProcessStat;
  /** Its descendants: its workers, and the program in the foreground of a wrapper script. */
  readonly below: readonly ProcessStat[];
}

interface FoundProcesses {
  /** In the order in which they were started. */
  readonly instances: readonly ProcessInstance[];
  /** Those on a terminal: somebody's session, which is nobody's daemon (R28). */
  readonly onTerminal: readonly ProcessInstance[];
  /** The name also fits this service itself or a process that it was started from. */
  readonly fitsOurselves: boolean;
}

export type FindProcesses = (name: string) => Promise<FoundProcesses>;

/**
 * Finds the running instances of a program by executable and arguments, not by the 15 characters of the comm (R18).
 * A process fits when its executable, its argv[0] or, in an interpreter, the script has this base name. This service,
 * its ancestors, kernel threads, zombies and the processes of containers are left out.
 */
export const findProcesses: FindProcesses = async (name) => {
  const list = await readProcessList();
  return findInList(list, name, ancestorsOf(list.stats, process.pid).add(process.pid));
};

/** The same in a list that was read before. `ours` are the pids that are never anybody's instance. */
export async function findInList(
  { stats, programs }: ProcessList,
  name: string,
  ours: ReadonlySet<number>,
): Promise<FoundProcesses> {
  const named = programs.filter(({ executable, argv }) => matchesName(name, executable, argv));
  const fitting = (
    await Promise.all(
      named.map(async ({ stat }) => ((await readStatus(stat.pid))?.inContainer === true ? [] : [stat])),
    )
  ).flat();
  const found = fitting.filter((stat) => !ours.has(stat.pid));
  const pids = new Set(found.map(({ pid }) => pid));
  const roots = found.filter((stat) => ![...ancestorsOf(stats, stat.pid)].some((pid) => pids.has(pid)));
  const instances = roots
    .sort((a, b) => a.startTime - b.startTime || a.pid - b.pid)
    .map((root) => ({
      root,
      below: descendantsOf(stats, new Set([root.pid])).filter((stat) => !isDead(stat) && !ours.has(stat.pid)),
    }));
  return {
    instances: instances.filter(({ root }) => root.terminal === 0),
    onTerminal: instances.filter(({ root }) => root.terminal !== 0),
    fitsOurselves: fitting.length > found.length,
  };
}

/** Whether a process with this executable and argv goes by the name. Pure. */
export function matchesName(
  name: string,
  executable: Executable | undefined,
  argv: readonly (string | undefined)[],
): boolean {
  const program = executable && basename(executable.path);
  const [first] = argv;
  const called = first && basename(first);
  if (program === name || called === name) return true;
  const script = scriptArgument(program ?? called ?? '', argv);
  return script !== undefined && basename(script) === name;
}
