import { setTimeout as delay } from 'node:timers/promises';

/** A thread that works ends its work by then, ms. */
const THREADS_LIMIT_MS = 400;
const LOOK_AGAIN_MS = 20;

/**
 * Ends this process (R33). Node waits at its exit for the threads of libuv: where one hangs, for a file that gives no
 * answer, only a signal ends it. After exit code 0 that is SIGTERM, which systemd takes for a clean end.
 */
export async function endProcess(exitCode: number): Promise<never> {
  const deadline = performance.now() + THREADS_LIMIT_MS;
  while (isThreadBusy() && performance.now() < deadline) await delay(LOOK_AGAIN_MS);
  if (isThreadBusy()) {
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, exitCode === 0 ? 'SIGTERM' : 'SIGKILL');
  }
  // Explicitly: a connection that hangs on a dead server must not keep an ended service alive.
  process.exit(exitCode);
}

function isThreadBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => OF_THREADS.test(name));
}

const OF_THREADS = /^(FSReq|GetAddrInfo|GetNameInfo|FileHandleCloseReq)/i;
