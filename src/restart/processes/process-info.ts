/** One process, for as long as it lives: a pid alone may have been given to another one meanwhile. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and its start (field 22 of /proc/PID/stat). */
  readonly startTime: number;
}

/** The fields of /proc/PID/stat that matter here. */
export interface ProcessStat extends ProcessIdentity {
  /** At most 15 characters. */
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Number of its controlling terminal; 0: none. */
  readonly terminal: number;
  readonly kernelThread: boolean;
}

export interface Executable {
  readonly path: string;
  /** The file was removed or replaced since the process started. */
  readonly deleted: boolean;
}

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, ascending. */
  readonly groups: readonly number[];
}

/** What /proc/PID/status says. */
export interface ProcessStatus {
  /** The real ids: of a set-uid program, those of the user who called it. */
  readonly credentials: Credentials;
  readonly umask: number | undefined;
  /** In a pid namespace below ours: a container's process. */
  readonly inContainer: boolean;
}

export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}
