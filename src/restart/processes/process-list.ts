import { type Executable, isDead, type ProcessStat } from './process-info.js';
import { readAllStats, readArguments, readExecutable } from './procfs.js';

/** What one look at /proc saw. */
export interface ProcessList {
  /** All processes, zombies and kernel threads included. */
  readonly stats: readonly ProcessStat[];
  /** Those that can be a daemon. */
  readonly programs: readonly ListedProgram[];
}

interface ListedProgram {
  readonly stat: ProcessStat;
  readonly executable: Executable | undefined;
  readonly argv: readonly (string | undefined)[];
}

/** Kernel threads, zombies and pid 1 are no programs. */
export async function readProcessList(): Promise<ProcessList> {
  const stats = await readAllStats();
  const candidates = stats.filter((stat) => !isDead(stat) && !stat.kernelThread && stat.pid !== 1);
  const programs = await Promise.all(
    candidates.map(async (stat): Promise<ListedProgram> => {
      const [executable, argv] = await Promise.all([readExecutable(stat.pid), readArguments(stat.pid)]);
      return { stat, executable, argv: argv ?? [] };
    }),
  );
  return { stats, programs };
}
