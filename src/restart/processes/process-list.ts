import { setImmediate } from 'node:timers/promises';
import { parseStrings } from './parse-procfs.js';
import { type Executable, isDead, type ProcessStat } from './process-info.js';
import { readAllStats, readExecutable } from './procfs.js';
import { programNames } from './program-names.js';
import { readProcFiles } from './read-proc-files.js';

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
  /** The names that fit it. Nothing else of its arguments is kept: they can be megabytes. */
  readonly names: readonly string[];
  /** Its arguments could be read neither now nor the last time: it may have other names. */
  readonly isUnread?: true;
}

/** How much of the arguments is read. An interpreter has its script among the first ones, at most behind a long class path. */
const LIMIT_BYTES = 128 * 1024;
/** How many links are read without a pause. */
const AT_A_STRETCH = 500;

let reading: Promise<ProcessList> | undefined;
let next: Promise<ProcessList> | undefined;

/**
 * Reads all processes. Kernel threads, zombies and pid 1 are not programs. Only one reading runs at a time, and a
 * caller gets one that began after its call: callers during a reading share the next one. Rejects with
 * CannotTellError (R27).
 */
export function readProcessList(): Promise<ProcessList> {
  if (!reading) {
    reading = read().finally(() => {
      reading = undefined;
    });
    return reading;
  }
  next ??= reading
    .catch(() => {})
    .then(() => {
      next = undefined;
      return readProcessList();
    });
  return next;
}

/** The names of each process when it was last read: a process that hangs now may have answered before. */
let lastRead = new Map<number, ListedProgram>();

async function read(): Promise<ProcessList> {
  const stats = await readAllStats();
  const candidates = new Map<
    number,
    { readonly stat: ProcessStat; readonly executable: Executable | undefined }
  >();
  for (const [index, stat] of stats.entries()) {
    if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
    if (isDead(stat) || stat.kernelThread || stat.pid === 1) continue;
    candidates.set(stat.pid, { stat, executable: readExecutable(stat.pid) });
  }
  const files = [...candidates.keys()].map((pid) => ({ pid, file: 'cmdline' as const }));
  const programs = new Map<number, ListedProgram>();
  await readProcFiles(files, LIMIT_BYTES, ({ pid }, content) => {
    const candidate = candidates.get(pid);
    if (!candidate) return;
    const { executable } = candidate;
    if (typeof content !== 'string') {
      programs.set(pid, { ...candidate, names: programNames(executable, parseStrings(content)) });
      return;
    }
    const known = lastRead.get(pid);
    const isSame = known !== undefined && !known.isUnread && isSameProgram(known, candidate);
    programs.set(
      pid,
      isSame
        ? { ...candidate, names: known.names }
        : { ...candidate, names: programNames(executable, []), isUnread: true },
    );
  });
  lastRead = programs;
  return { stats, programs: [...programs.values()] };
}

/** Whether it is still the same program. */
function isSameProgram(a: Pick<ListedProgram, 'stat' | 'executable'>, b: typeof a): boolean {
  return (
    a.stat.startTime === b.stat.startTime &&
    a.stat.comm === b.stat.comm &&
    a.executable?.path === b.executable?.path
  );
}
