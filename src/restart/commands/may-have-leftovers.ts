import { isDead } from '../processes/process-info.js';
import { readLastPid, readStatSync } from '../processes/procfs.js';

/** In a longer time than this a busy machine may give all its process numbers once, ms. */
const LONGEST_MS = 1000;
/** With more of them to look at, a look at all processes costs no more. */
const MOST_NUMBERS = 100;

/**
 * Whether a command that has ended may have left a process in its session or its group. It tells in a fraction of the
 * time that a look at all of /proc takes, and every health check asks: what the command started has a number that was
 * given after it had been started itself, and the kernel tells which it gave last. True where that proves nothing.
 *
 * @param leader pid of the command, which led both.
 * @param startedAfter the number that had been given last when the command was started.
 * @param ageMs time since it was started.
 */
export function mayHaveLeftovers(leader: number, startedAfter: number, ageMs: number): boolean {
  const last = readLastPid();
  if (ageMs > LONGEST_MS || last === undefined || last < startedAfter || last - startedAfter > MOST_NUMBERS)
    return true;
  for (let pid = startedAfter; pid <= last; pid += 1) {
    const stat = readStatSync(pid);
    if (stat && !isDead(stat) && (stat.session === leader || stat.pgrp === leader)) return true;
  }
  return false;
}
