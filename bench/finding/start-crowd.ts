import { spawn } from 'node:child_process';
import type { Closers } from '../support/closers.js';
import { superviseHelper } from '../support/helper-process.js';

/** Starts this many at one go, and ends all of its process group, itself too, when its stdin does. */
const SCRIPT = `i=0
while [ $i -lt "$1" ]; do sleep 86400 & i=$((i+1)); done
echo started
cat >/dev/null
kill -KILL 0`;

const PATIENCE_MS = 120_000;

/** Processes that only sleep, about 0.3 MB each. They end with us. */
export async function startCrowd(count: number, closers: Closers): Promise<void> {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'crowd', `${count}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const { watch } = await superviseHelper(child, closers);
  await watch.waitFor(/^started$/, 0, PATIENCE_MS);
}
