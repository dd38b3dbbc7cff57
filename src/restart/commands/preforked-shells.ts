import { type ChildProcess, spawn } from 'node:child_process';
import { quoteForShell } from '../../lib/shell-word.js';
import { childEnvironment } from './command-environment.js';
import { formatShellExports } from './shell-text.js';

/** New shells are forked when nothing has run for this long, in ms: a fork of this process delays everything else. */
const CALM_MS = 5;
/** A longer text may not fit into an argument. `spawn` reports that clearly; a shell would not. */
const MAX_TEXT_LENGTH = 100_000;

/**
 * Shells that are forked in advance and wait, each in its own session, for the command that they become by exec. To
 * fork a process of our size takes longer than everything else between an alarm and its restart; this way an alarm
 * does not wait for it. The stdin of each shell is a pipe from this process, so no shell outlives it.
 */
export class PreforkedShells {
  /** The environment of every command. Built once, because reading all of process.env is slow. */
  readonly environment = childEnvironment(process.env);
  readonly #spares: ChildProcess[] = [];
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(private readonly count: number) {
    this.#fillSoon();
  }

  /** The pids of the waiting shells. */
  get waiting(): readonly number[] {
    return this.#spares.flatMap(({ pid }) => pid ?? []);
  }

  /** Runs the command in a waiting shell; its stdin is /dev/null. Returns undefined if no shell can take it. */
  start(argv: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess | undefined {
    const text = execScript(argv, variables);
    if (text.length > MAX_TEXT_LENGTH || text.includes('\0')) return undefined;
    const child = this.#spares.shift();
    if (!child) return undefined;
    child.removeAllListeners();
    child.stdin?.end(text);
    return child;
  }

  /** Call this for every command that was started: no shells are forked until it has ended. */
  watch(child: ChildProcess): void {
    this.#running += 1;
    clearTimeout(this.#timer);
    const end = (): void => {
      child.off('exit', end).off('error', end);
      this.#running -= 1;
      if (this.#running === 0) this.#fillSoon();
    };
    child.once('exit', end).once('error', end);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const spare of this.#spares.splice(0)) spare.stdin?.end();
  }

  #fillSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fill(), CALM_MS);
  }

  /**
   * Forks one shell at a time, with a pause between them, so that whatever comes meanwhile waits for one fork at
   * most.
   */
  #fill(): void {
    if (this.#isClosed || this.#spares.length >= this.count) return;
    const spare = this.#fork();
    if (!spare) return;
    this.#spares.push(spare);
    spare.once('exit', () => {
      const place = this.#spares.indexOf(spare);
      if (place >= 0) this.#spares.splice(place, 1);
    });
    this.#fillSoon();
  }

  /**
   * Returns undefined if there is no process, descriptor or memory left (R13). The command that then finds no shell
   * reports it.
   */
  #fork(): ChildProcess | undefined {
    try {
      const spare = spawn('/bin/sh', ['-s', 'spare shell'], {
        detached: true,
        stdio: 'pipe',
        env: this.environment,
      });
      spare.once('error', () => {});
      if (spare.pid === undefined) return undefined;
      spare.stdin.on('error', () => {});
      return spare;
    } catch {
      // Some errors come as an event, others (ENOMEM) are thrown.
      return undefined;
    }
  }
}

/**
 * The text that makes a shell become this command. The braces make the shell read the whole text first. If we die
 * while writing, it runs nothing instead of the first half.
 */
export function execScript(argv: readonly string[], variables: Readonly<Record<string, string>>): string {
  return `{\n${formatShellExports(variables)}exec ${argv.map(quoteForShell).join(' ')} </dev/null\n}\n`;
}
