import { isDead } from '../processes/process-info.js';
import { readLastPid, readStat } from '../processes/procfs.js';

/** In a longer time a busy host may use all its pids once, in ms. */
const MAX_MS = 1000;
/** Checking more pids than this takes as long as reading all processes. */
const MAX_NUMBERS = 100;

/**
 * Whether a command that has ended may have left a process in its session or group. This is much faster than reading
 * all of /proc, and every health check needs it. Everything that the command started got a pid after the command
 * itself, and the kernel says which pid it gave last. Returns true if that proves nothing.
 *
 * @param leader pid of the command, which led its session and group
 * @param startedAfter the last pid that was given before the command was started
 * @param ageMs time since the command was started
 */
export function mayHaveLeftovers(leader: number, startedAfter: number, ageMs: number): boolean {
  const last = readLastPid();
  if (ageMs > MAX_MS || last === undefined || last < startedAfter || last - startedAfter > MAX_NUMBERS)
    return true;
  for (let pid = startedAfter; pid <= last; pid += 1) {
    if (belongsTo(leader, pid)) return true;
  }
  return false;
}

function belongsTo(leader: number, pid: number): boolean {
  try {
    const stat = readStat(pid);
    return stat !== undefined && !isDead(stat) && (stat.session === leader || stat.pgrp === leader);
  } catch {
    return true;
  }
}
