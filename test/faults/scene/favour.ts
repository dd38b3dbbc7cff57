import { setPriority } from 'node:os';

/** What is looked at here must not be late for want of a processor: a busy machine is none of the faults. */
export function favour(pid: number): void {
  try {
    setPriority(pid, -10);
  } catch {
    // Not root; `watchStarvation` tells how late everything was.
  }
}
