import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './command-environment.js';
import { formatShellExports, quoteForShell } from './shell-text.js';

/** Nothing has run for so long when new ones are started, ms: a fork of our own holds up whatever is under way. */
const CALM_MS = 5;
/** Above, an argument may be too long for the kernel: spawn says so, a shell has other words for it. */
const LONGEST_TEXT = 100_000;

/**
 * Shells that were forked before they are needed, each in a session of its own, and wait for the command that they will
 * become by exec. To fork a process of our size takes longer than all else between an alarm and its restart: this way
 * the next alarm does not wait for it. Their stdin is a pipe, so none outlives this process, however it ends.
 */
export class PreforkedShells {
  /** What every command is given. Taken once: to read all of process.env takes a while. */
  readonly environment = childEnvironment(process.env);
  readonly #spares: ChildProcess[] = [];
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(private readonly count: number) {
    this.#fillSoon();
  }

  /** The process numbers of those that wait. */
  get waiting(): readonly number[] {
    return this.#spares.flatMap(({ pid }) => pid ?? []);
  }

  /** The command in the place of a spare shell, or undefined where there is none for it. Its stdin is /dev/null. */
  start(argv: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess | undefined {
    const text = execScript(argv, variables);
    if (text.length > LONGEST_TEXT || text.includes('\0')) return undefined;
    const child = this.#spares.shift();
    if (!child) return undefined;
    child.removeAllListeners();
    child.stdin?.end(text);
    return child;
  }

  /** To be told of every command that has been started: no new spares are forked before it has ended. */
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

  /** One at a time, and calm in between: what comes meanwhile waits for one fork at most. */
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

  /** Undefined where no process, descriptor or memory is to be had (R13): the command that finds no spare is told why. */
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
      // Some faults come as an event, others (ENOMEM) are thrown.
      return undefined;
    }
  }
}

/**
 * What a shell reads to become this command. In braces: of a text that is cut off, whatever happened to us, it would else
 * carry out the beginning.
 */
export function execScript(argv: readonly string[], variables: Readonly<Record<string, string>>): string {
  return `{\n${formatShellExports(variables)}exec ${argv.map(quoteForShell).join(' ')} </dev/null\n}\n`;
}
