import { readFileSync } from 'node:fs';
import { isDead } from './process-info.js';
import { readStatNow } from './procfs.js';

/** In a longer time than this a busy machine may give all its process numbers once, ms. */
const LONGEST_MS = 1000;
/** With more of them to look at, a look at all processes costs no more. */
const MOST_NUMBERS = 100;

/**
 * Whether a command that has ended may have left a process in its session or its group. It tells in a fraction of the
 * time that a look at all of /proc takes, and every health check asks: what the command started has a number that was
 * given after its own, and the kernel tells which it gave last. True where that proves nothing.
 *
 * @param leader pid of the command, which led both.
 * @param ageMs time since it was started.
 */
export function mayHaveLeft(leader: number, ageMs: number): boolean {
  const last = readLastPid();
  if (ageMs > LONGEST_MS || last === undefined || last < leader || last - leader > MOST_NUMBERS) return true;
  for (let pid = leader; pid <= last; pid += 1) {
    const stat = readStatNow(pid);
    if (stat && !isDead(stat) && (stat.session === leader || stat.pgrp === leader)) return true;
  }
  return false;
}

/** The process number that the kernel gave last in our namespace. */
function readLastPid(): number | undefined {
  try {
    const last = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
    return Number.isSafeInteger(last) && last > 0 ? last : undefined;
  } catch {
    return undefined;
  }
}
