import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead, type ProcessIdentity, type ProcessStat } from '../processes/process-info.js';
import { descendantsOf } from '../processes/process-tree.js';
import { readAllStats, readIfAlive } from '../processes/procfs.js';

const LOOK_AGAIN_MS = 25;
/** How long to wait after SIGKILL, in ms. A process that is still there hangs in the kernel. */
const KILL_WAIT_MS = 2000;

/**
 * Ends everything that a command started by runCommand is (R16): SIGTERM, after `graceMs` SIGKILL.
 * Answers the pids that are there even so. Rejects with CannotTellError where that cannot be told (R27).
 */
export async function killCommand(
  child: ChildProcess,
  ended: Promise<unknown>,
  graceMs: number,
): Promise<number[]> {
  const leader = child.pid;
  if (leader === undefined) return [];
  // Found before the first signal: once its parent is dead, a descendant that left the group cannot be recognised any
  // more.
  let living = await membersOf(leader, []);
  const deadline = performance.now() + graceMs;
  if (graceMs > 0) {
    signalAll(living, 'SIGTERM');
    // A stopped process takes SIGTERM only when it goes on.
    signalAll(living, 'SIGCONT');
  }
  while (living.length > 0 && performance.now() < deadline) {
    await delay(LOOK_AGAIN_MS);
    living = await membersOf(leader, living);
  }
  const giveUp = performance.now() + KILL_WAIT_MS;
  while (living.length > 0 && performance.now() < giveUp) {
    signalAll(living, 'SIGKILL');
    await delay(LOOK_AGAIN_MS);
    living = await membersOf(leader, living);
  }
  // The leader is a zombie until Node has collected its exit code; if a process survived, that may never happen.
  if (living.length === 0) await ended;
  return living.map(({ pid }) => pid);
}

/**
 * Finds the members of the session and group of a command. Their number is the pid of the leader, and the kernel does
 * not reuse a pid that is still the number of a session. `known` are members found earlier: they and their children
 * belong to the command even if they have left the group.
 */
async function membersOf(leader: number, known: readonly ProcessIdentity[]): Promise<ProcessStat[]> {
  const stats = await readAllStats();
  const knownStart = new Map(known.map(({ pid, startTime }) => [pid, startTime]));
  const members = stats.filter(
    (stat) => stat.session === leader || stat.pgrp === leader || knownStart.get(stat.pid) === stat.startTime,
  );
  const below = descendantsOf(stats, new Set(members.map(({ pid }) => pid)));
  return [...members, ...below].filter((stat) => !isDead(stat));
}

/** One by one, with the start time looked at again: the group's number may be free by the time of SIGKILL. */
function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const identity of processes) {
    try {
      if (readIfAlive(identity)) process.kill(identity.pid, signal);
    } catch {
      // It has gone since, became another user's, or cannot be looked at now: the caller looks at what is left.
    }
  }
}
