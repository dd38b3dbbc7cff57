import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LineWatch } from '../../test/support/service/line-watch.js';
import type { Closers } from './closers.js';

/** A program of the bench in a process of its own, which ends when its stdin does: it cannot outlive us. */
export interface HelperProcess {
  readonly pid: number;
  readonly watch: LineWatch;
  /** Writes a line to its stdin. */
  tell(line: string): void;
  stop(): Promise<void>;
}

/**
 * Starts `node ...args`; those written in TypeScript want `--import tsx` first. `options` reach it as JSON in OPTIONS of
 * its environment. Stopped at the latest by `closers`.
 */
export function startHelper(
  args: readonly string[],
  options: object,
  closers: Closers,
): Promise<HelperProcess> {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, OPTIONS: JSON.stringify(options) },
  });
  return superviseHelper(child, closers);
}

/** The same for one that somebody else has started, with pipes. */
export async function superviseHelper(child: ChildProcess, closers: Closers): Promise<HelperProcess> {
  const ended = once(child, 'close');
  await once(child, 'spawn');
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const watch = new LineWatch(() => `stderr:\n${stderr}`);
  if (child.stdout) createInterface(child.stdout).on('line', (line) => watch.take(line));
  void ended.then(() => watch.end());
  child.stdin?.on('error', () => {});
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  closers.add(stop);
  if (child.pid === undefined) throw new Error('a helper process has no pid');
  const tell = (line: string): void => void child.stdin?.write(`${line}\n`);
  return { pid: child.pid, watch, tell, stop };
}
