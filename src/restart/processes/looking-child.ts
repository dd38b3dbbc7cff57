import { type ChildProcess, spawn } from 'node:child_process';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { hangingLooks } from './hanging-looks.js';

/** How much of the error output of the programs is kept. */
const MAX_COMPLAINTS_LENGTH = 64 * 1024;

interface LookOptions {
  /** The environment of the child, besides a PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user whose process it looks at; undefined: the host's own things, as a mount. */
  readonly owner?: number | undefined;
  /** What it asks cannot hang in the kernel: it does not count how many others do. */
  readonly isKillable?: true;
  readonly onData: (chunk: Buffer) => void;
}

/** The environment of a looking child, in this order. */
export function lookingEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...more };
}

/**
 * A program of coreutils that looks at something that may hang (R33). A read that waits in the kernel then costs this
 * service no thread and does not keep it from ending.
 */
export class LookingChild {
  /** Resolves at its end to its error output. Rejects with CannotTellError if it cannot be run. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  /** Throws CannotTellError if no further look may begin, or no process can be started. */
  constructor([file, ...args]: readonly [string, ...string[]], options: LookOptions) {
    if (!options.isKillable) hangingLooks.assertRoom(options.owner);
    const cannotRun = (error: unknown): CannotTellError =>
      new CannotTellError(`${file} cannot be run: ${describeError(error)}`, { cause: error });
    try {
      this.#child = spawn(file, args, {
        cwd: options.cwd ?? '/',
        env: lookingEnvironment(options.environment),
        stdio: ['ignore', 'pipe', 'pipe'],
        // Its own group, so that everything that it starts is ended with it.
        detached: true,
      });
    } catch (error) {
      throw cannotRun(error);
    }
    const child = this.#child;
    let complaints = '';
    child.stdout?.on('data', options.onData).on('error', () => {});
    child.stderr?.setEncoding('latin1').on('error', () => {});
    child.stderr?.on('data', (text: string) => {
      if (complaints.length < MAX_COMPLAINTS_LENGTH) complaints += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', (error) => reject(cannotRun(error)));
      child.once('close', () => resolve(complaints));
    });
    // A caller that gave it up does not handle its rejection.
    this.ended.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Gives the look up. `key`: what it looked at; `subject`: the same for messages; `owner`: as in the options. */
  giveUp(key: string, subject: string, owner?: number): void {
    hangingLooks.giveUp(key, { subject, owner }, this.#child);
  }
}
