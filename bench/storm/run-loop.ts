import { fileURLToPath } from 'node:url';
import type { Closers } from '../support/closers.js';
import { startHelper } from '../support/helper-process.js';
import { numbersAfter } from '../support/numbers-after.js';
import type { StormCommands } from './storm-commands.js';

const PROGRAM = fileURLToPath(new URL('spawn-loop.mjs', import.meta.url));
/** Longer than any storm takes. */
const DEADLINE_MS = 15 * 60_000;

export interface LoopResult {
  readonly tookMs: number;
  /** When each process was done, ms since the begin, in that order. */
  readonly doneAtMs: readonly number[];
  /** Of the loop itself, without the commands. */
  readonly cpuSeconds: number;
}

/** Runs the bare loop in a process of its own. */
export async function runLoop(
  count: number,
  parallel: number,
  commands: StormCommands,
  closers: Closers,
): Promise<LoopResult> {
  const options = { count, parallel, commands: [commands.restart, commands.check] };
  const { watch, stop } = await startHelper([PROGRAM], options, closers);
  await watch.waitFor(/^cpu /, 0, DEADLINE_MS);
  await stop();
  const doneAtMs = numbersAfter('done', watch.lines);
  return {
    tookMs: doneAtMs.at(-1) ?? Number.NaN,
    doneAtMs,
    cpuSeconds: numbersAfter('cpu', watch.lines)[0] ?? Number.NaN,
  };
}
