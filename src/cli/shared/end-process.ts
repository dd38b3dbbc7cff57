import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for threads that still work, in ms. */
const THREADS_LIMIT_MS = 400;
const LOOK_AGAIN_MS = 20;

/**
 * Ends this process (R33). At its exit Node waits for the threads of libuv. If one hangs on a file that gives no
 * answer, only a signal ends the process. After exit code 0 that is SIGTERM, which systemd counts as a clean end.
 */
export async function endProcess(exitCode: number): Promise<never> {
  const deadline = performance.now() + THREADS_LIMIT_MS;
  while (isThreadBusy() && performance.now() < deadline) await delay(LOOK_AGAIN_MS);
  if (isThreadBusy()) {
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, exitCode === 0 ? 'SIGTERM' : 'SIGKILL');
  }
  // Called explicitly, because a connection to a dead server must not keep an ended service alive.
  process.exit(exitCode);
}

function isThreadBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => OF_THREADS.test(name));
}

const OF_THREADS = /^(FSReq|GetAddrInfo|GetNameInfo|FileHandleCloseReq)/i;
