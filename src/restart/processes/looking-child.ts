import { type ChildProcess, spawn } from 'node:child_process';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { hangingLooks } from './hanging-looks.js';

/** Of what the programs complain about no more is kept. */
const LONGEST_COMPLAINTS = 64 * 1024;

interface LookOptions {
  /** All that the child has in its environment, besides a PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly onData: (chunk: Buffer) => void;
}

/** What a child that looks is given in its environment, in this order. */
export function lookingEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...more };
}

/**
 * A program of coreutils that looks at what may hang (R33). A read that waits in the kernel costs this service no thread
 * of its own then, and does not keep it from ending.
 */
export class LookingChild {
  /** Resolves at its end, to what it complained about. Rejects with CannotTellError where it cannot be run. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  /** Throws CannotTellError where no more looks may be begun, or no process is to be had. */
  constructor([file, ...args]: readonly [string, ...string[]], options: LookOptions) {
    hangingLooks.assertRoom();
    const cannotRun = (error: unknown): CannotTellError =>
      new CannotTellError(`${file} cannot be run: ${describeError(error)}`, { cause: error });
    try {
      this.#child = spawn(file, args, {
        cwd: options.cwd ?? '/',
        env: lookingEnvironment(options.environment),
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: what it starts is ended with it.
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
      if (complaints.length < LONGEST_COMPLAINTS) complaints += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', (error) => reject(cannotRun(error)));
      child.once('close', () => resolve(complaints));
    });
    // Who gave it up does not wait for it.
    this.ended.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Nobody waits for it any more. `key`: what it looked at, `subject`: the same in words. */
  giveUp(key: string, subject: string): void {
    hangingLooks.giveUp(key, subject, this.#child);
  }
}
