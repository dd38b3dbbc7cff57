import { type Executable, isDead, type ProcessStat } from './process-info.js';
import { readAllStats, readArguments, readExecutable } from './procfs.js';

/** The result of reading /proc once. */
export interface ProcessList {
  /** All processes, zombies and kernel threads included. */
  readonly stats: readonly ProcessStat[];
  /** The processes that may be daemons. */
  readonly programs: readonly ListedProgram[];
}

interface ListedProgram {
  readonly stat: ProcessStat;
  readonly executable: Executable | undefined;
  readonly argv: readonly (string | undefined)[];
}

/** Reads all processes. Kernel threads, zombies and pid 1 are not programs. */
export async function readProcessList(): Promise<ProcessList> {
  const stats = await readAllStats();
  const candidates = stats.filter((stat) => !isDead(stat) && !stat.kernelThread && stat.pid !== 1);
  const programs: ListedProgram[] = [];
  // Read in parts: if thousands were read at once, a read could wait in the queue beyond its deadline, and its
  // process would be taken for gone.
  for (let start = 0; start < candidates.length; start += AT_ONCE) {
    programs.push(...(await Promise.all(candidates.slice(start, start + AT_ONCE).map(readProgram))));
  }
  return { stats, programs };
}

/** How many processes are read at once. */
const AT_ONCE = 64;

async function readProgram(stat: ProcessStat): Promise<ListedProgram> {
  const [executable, argv] = await Promise.all([readExecutable(stat.pid), readArguments(stat.pid)]);
  return { stat, executable, argv: argv ?? [] };
}
