import { readdirSync, readFileSync, rmSync } from 'node:fs';

/**
 * Every process of the demo has this variable, with the demo's folder as its value: children inherit it, also those
 * that the service starts and detaches. A shell or an editor that somebody else has open in the folder has not.
 */
export const MARK = 'PROCESS_MONITOR_DEMO';

const DEADLINE_MS = 10_000;
const PAUSE_MS = 10;

/**
 * Kills every process of the demo but this one, and removes its folder. Without `await`, so that it can run while
 * this process exits and nothing of the demo goes on meanwhile. Harmless to repeat.
 *
 * @throws Error where a process or a file withstands.
 */
export function sweep(folder: string): void {
  const deadline = Date.now() + DEADLINE_MS;
  // Twice nobody: in the middle of its exec a process shows no environment, and is missed once.
  for (let nobody = 0; nobody < 2; ) {
    const pids = markedProcesses(folder);
    nobody = pids.length === 0 ? nobody + 1 : 0;
    for (const pid of pids) kill(pid);
    if (Date.now() > deadline) throw new Error(`cannot end pid ${pids.join(', ')}`);
    pause();
  }
  remove(folder);
  // A copy that was under way in Node's own threads may have laid a last file.
  pause();
  remove(folder);
}

/** Pids of the living processes that belong to the demo in this folder, without this one. */
export function markedProcesses(folder: string): number[] {
  const entry = `${MARK}=${folder}`;
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && readProc(name, 'environ').includes(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** The parts of `/proc/PID/environ` or `cmdline`; none for a zombie, or a process of somebody else. */
export function readProc(pid: number | string, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: PAUSE_MS });
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
