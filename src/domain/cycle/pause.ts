import { formatLocalTime } from '../local-time.js';
import { isSameName } from '../system-name.js';

/** Maintenance: the alarms of a process, or of all, stay raised and are handled when the pause is over. */
export interface Pause {
  /** As in PROCESE; absent: every process. */
  readonly processName?: string;
  /** The rows that had this name when it was paused; a row that gets the name later is another process. Absent: any. */
  readonly processIds?: readonly number[];
  /** ms since the epoch, as `until`: a pause survives a restart of the service. */
  readonly since: number;
  /** Absent: until somebody resumes. */
  readonly until?: number;
  /** Who paused. */
  readonly by: string;
  /** Name of the maintenance that it belongs to; absent: an administrator paused. */
  readonly maintenance?: string;
  readonly reason?: string;
}

/** The pause in effect for this process; of its own pause and that of all processes, the longer one. */
export function activePauseOf(
  pauses: readonly Pause[],
  processName: string,
  now: number,
  processId?: number,
): Pause | undefined {
  let longest: Pause | undefined;
  for (const pause of pauses) {
    if (!isAbout(pause, processName, processId) || isOver(pause, now)) continue;
    if (!longest || endOf(pause) > endOf(longest)) longest = pause;
  }
  return longest;
}

/** One pause for each name, and one for all: a new one replaces the old one. */
export function replacePause(pauses: readonly Pause[], pause: Pause): readonly Pause[] {
  return [...pauses.filter(({ processName }) => !isOfSame(processName, pause.processName)), pause];
}

/** Whether two pauses are those of the same name, or of all processes. `mysqld.service` is `mysqld`. */
export function isOfSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : isSameName(a, b);
}

/** The pauses that are still in effect, and those that have ended. */
export function splitExpired(
  pauses: readonly Pause[],
  now: number,
): { readonly standing: readonly Pause[]; readonly expired: readonly Pause[] } {
  return {
    standing: pauses.filter((pause) => !isOver(pause, now)),
    expired: pauses.filter((pause) => isOver(pause, now)),
  };
}

/** When the next pause ends by itself, ms since the epoch; Infinity if none does. */
export function nextPauseEnd(pauses: readonly Pause[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...pauses.map(endOf));
}

/**
 * `paused until 2026-11-22 14:00:00 by alice: new disks`, or without end or reason;
 * `paused by maintenance backup until 2026-11-22 04:00:00`.
 */
export function describePause({ until, by, reason, maintenance }: Pause): string {
  const end = until === undefined ? '' : ` until ${formatLocalTime(until)}`;
  const when = maintenance === undefined ? `${end} by ${by}` : ` by ${by}${end}`;
  return `paused${when}${reason === undefined ? '' : `: ${reason}`}`;
}

function isAbout(pause: Pause, processName: string, processId: number | undefined): boolean {
  if (pause.processName === undefined) return true;
  if (!isSameName(pause.processName, processName)) return false;
  return processId === undefined || pause.processIds?.includes(processId) !== false;
}

function isOver(pause: Pause, now: number): boolean {
  return endOf(pause) <= now;
}

function endOf({ until }: Pause): number {
  return until ?? Number.POSITIVE_INFINITY;
}
