import { formatLocalTime } from '../local-time.js';

/** Maintenance: the alarms of a process, or of all, stay raised and are answered when it is over. */
export interface Pause {
  /** As in PROCESE; absent: every process. */
  readonly processName?: string;
  /** ms since the epoch, as `until`: a pause survives a restart of the service. */
  readonly since: number;
  /** Absent: until somebody resumes. */
  readonly until?: number;
  /** Who paused. */
  readonly by: string;
  readonly reason?: string;
}

/** The pause that holds this process now; where its own and that of all do, the one that lasts longer. */
export function activePauseOf(pauses: readonly Pause[], processName: string, now: number): Pause | undefined {
  let longest: Pause | undefined;
  for (const pause of pauses) {
    const isAbout = pause.processName === undefined || pause.processName === processName;
    if (!isAbout || isOver(pause, now)) continue;
    if (!longest || endOf(pause) > endOf(longest)) longest = pause;
  }
  return longest;
}

/** One pause a name, and one for all: a new one takes the place of the old. */
export function replacePause(pauses: readonly Pause[], pause: Pause): readonly Pause[] {
  return [...pauses.filter(({ processName }) => processName !== pause.processName), pause];
}

/** Those whose time is not over, and those whose is. */
export function splitExpired(
  pauses: readonly Pause[],
  now: number,
): { readonly standing: readonly Pause[]; readonly expired: readonly Pause[] } {
  return {
    standing: pauses.filter((pause) => !isOver(pause, now)),
    expired: pauses.filter((pause) => isOver(pause, now)),
  };
}

/** When the next of them ends by itself, ms since the epoch; Infinity: none does. */
export function nextPauseEnd(pauses: readonly Pause[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...pauses.map(endOf));
}

/** `paused until 2026-11-22 14:00:00 by alice: new disks`, or without the end, the reason. */
export function describePause({ until, by, reason }: Pause): string {
  const end = until === undefined ? '' : ` until ${formatLocalTime(until)}`;
  return `paused${end} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}

function isOver(pause: Pause, now: number): boolean {
  return endOf(pause) <= now;
}

function endOf({ until }: Pause): number {
  return until ?? Number.POSITIVE_INFINITY;
}
