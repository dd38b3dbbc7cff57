import { spawn } from 'node:child_process';

/** Kills the process and removes the directory, should we end without having said that all is well. */
const SCRIPT = 'read -r word || { kill -KILL "$1"; rm -rf "$2"; }';

/**
 * Sees to it that the process does not outlive this one, whatever ends it: a small shell waits for the end of its
 * stdin, which is ours to hold open.
 */
export function endWithUs(pid: number, directory: string): { release(): void } {
  // Detached: a Ctrl-C in the terminal must reach the tests, not the one who cleans up after them.
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'guard', String(pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.stdin.on('error', () => {});
  return { release: () => void guard.stdin.end('done\n') };
}
