import { basename } from 'node:path';
import { type Executable, isDead, type ProcessStat } from './process-info.js';
import { type ProcessList, readProcessList } from './process-list.js';
import { ancestorsOf, descendantsOf } from './process-tree.js';
import { readStatus } from './procfs.js';
import { scriptArgument } from './script-argument.js';

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

export type FindProcesses = (name: string) => Promise<FoundProcesses>;

/**
 * Finds the running instances of a program by executable and arguments, not by the 15 characters of its comm (R18). A
 * process matches if its executable, its argv[0] or (for an interpreter) its script has this base name. Leaves out
 * this service, its ancestors, kernel threads, zombies and the processes of containers.
 */
export const findProcesses: FindProcesses = async (name) => {
  const list = await readProcessList();
  return findInList(list, name, ancestorsOf(list.stats, process.pid).add(process.pid));
};

/** Does the same in a list that was read before. `ours`: pids that are never an instance. */
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

/** Whether a process with this executable and argv has this name. Pure. */
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
