import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead, type ProcessIdentity, type ProcessStat } from '../processes/process-info.js';
import { descendantsOf } from '../processes/process-tree.js';
import { readAllStats, readIfAlive } from '../processes/procfs.js';

const LOOK_AGAIN_MS = 25;
/** How long SIGKILL may take before we give up on a process (it hangs in the kernel). */
const KILL_WAIT_MS = 2000;

/**
 * Ends everything that a command started by runCommand is (R16): SIGTERM, after `graceMs` SIGKILL.
 * Answers the pids that are there even so.
 */
export async function killCommand(
  child: ChildProcess,
  ended: Promise<unknown>,
  graceMs: number,
): Promise<number[]> {
  const leader = child.pid;
  if (leader === undefined) return [];
  // Looked up before the first signal: with its parent dead, a descendant that left the group cannot be told any more.
  let living = await membersOf(leader, []);
  const deadline = performance.now() + graceMs;
  if (graceMs > 0) {
    await signalAll(living, 'SIGTERM');
    // A stopped process takes SIGTERM only when it goes on.
    await signalAll(living, 'SIGCONT');
  }
  while (living.length > 0 && performance.now() < deadline) {
    await delay(LOOK_AGAIN_MS);
    living = await membersOf(leader, living);
  }
  const giveUp = performance.now() + KILL_WAIT_MS;
  while (living.length > 0 && performance.now() < giveUp) {
    await signalAll(living, 'SIGKILL');
    await delay(LOOK_AGAIN_MS);
    living = await membersOf(leader, living);
  }
  // The leader is a zombie until Node has taken its exit; a process in the kernel's hands may keep us from that.
  if (living.length === 0) await ended;
  return living.map(({ pid }) => pid);
}

/**
 * Session and group have the leader's pid for a number, and the kernel gives no pid away that is still a session's.
 * `known` are members found earlier: they and their children belong to the command wherever they are now.
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
async function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): Promise<void> {
  await Promise.all(
    processes.map(async (identity) => {
      if (!(await readIfAlive(identity))) return;
      try {
        process.kill(identity.pid, signal);
      } catch {
        // It has gone since, or became another user's: the caller looks at what is left.
      }
    }),
  );
}
