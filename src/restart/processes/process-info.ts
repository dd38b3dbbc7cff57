/** The kernel keeps no more of a process's name. */
export const COMM_LENGTH = 15;

/** Identifies one process for its lifetime. A pid alone may be reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and its start (field 22 of /proc/PID/stat). */
  readonly startTime: number;
}

/** The fields of /proc/PID/stat that are used here. */
export interface ProcessStat extends ProcessIdentity {
  /** At most `COMM_LENGTH` characters. */
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Device number of its controlling terminal; 0 if it has none. */
  readonly terminal: number;
  readonly kernelThread: boolean;
}

export interface Executable {
  readonly path: string;
  /** Whether the file was removed or replaced since the process started. */
  readonly deleted: boolean;
}

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, ascending. */
  readonly groups: readonly number[];
}

/** The fields of /proc/PID/status that are used here. */
export interface ProcessStatus {
  /** The real ids. For a set-uid program they are those of the user who called it. */
  readonly credentials: Credentials;
  readonly umask: number | undefined;
  /** Whether it is in a pid namespace below ours, as a process of a container is. */
  readonly inContainer: boolean;
}

export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}
