import { readdir, readFile } from 'node:fs/promises';

/** What the kernel has counted of a process. */
export interface ProcessUsage {
  /** User and system time of all its threads, s; its children are not in it. */
  readonly cpuSeconds: number;
  /** Resident memory now, MB. */
  readonly residentMb: number;
  /** The most it ever was, MB. */
  readonly peakMb: number;
  /** Of all its threads, voluntary and not. */
  readonly contextSwitches: number;
  readonly threads: number;
}

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** @throws Error where there is no such process. */
export async function readUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status, tasks] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1'),
    readFile(`/proc/${pid}/status`, 'latin1'),
    readdir(`/proc/${pid}/task`),
  ]);
  // The name of the program, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const switches = await Promise.all(tasks.map((task) => readSwitches(pid, task)));
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMb: numberOf(status, 'VmRSS') / 1024,
    peakMb: numberOf(status, 'VmHWM') / 1024,
    contextSwitches: switches.reduce((sum, count) => sum + count, 0),
    threads: tasks.length,
  };
}

async function readSwitches(pid: number, task: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/task/${task}/status`, 'latin1').catch(() => '');
  return status === ''
    ? 0
    : numberOf(status, 'voluntary_ctxt_switches') + numberOf(status, 'nonvoluntary_ctxt_switches');
}

function numberOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
}
