import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead, type ProcessIdentity, type ProcessStat } from '../processes/process-info.js';
import { ProcessTree } from '../processes/process-tree.js';
import { readAllStats, readIfAlive } from '../processes/procfs.js';

const LOOK_AGAIN_MS = 25;
/** How long to wait after SIGKILL, in ms. A process that is still there hangs in the kernel. */
const KILL_WAIT_MS = 2000;

/**
 * Ends everything that belongs to a command started by runCommand (R16): SIGTERM, and after `graceMs` SIGKILL.
 * Resolves to the pids that survived. Rejects with CannotTellError if /proc cannot be read (R27).
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
    // A stopped process handles SIGTERM only after SIGCONT.
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
  const below = new ProcessTree(stats).descendantsOf(new Set(members.map(({ pid }) => pid)));
  return [...members, ...below].filter((stat) => !isDead(stat));
}

/**
 * Signals each process on its own and checks its start time again: by the time of SIGKILL the number of the group may
 * be free.
 */
function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const identity of processes) {
    try {
      if (readIfAlive(identity)) process.kill(identity.pid, signal);
    } catch {
      // It has ended, became another user's process, or cannot be read now. The caller checks what is left.
    }
  }
}
