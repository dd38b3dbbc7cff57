import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { CannotTellError } from '../../domain/cycle/restart-target.js';

/** What was looked at and gave no answer. */
interface HangingLook {
  /** For messages: a path, a process. */
  readonly subject: string;
  /** Of the child that looks. */
  readonly pid: number;
  /** Ms since the epoch. */
  readonly since: number;
}

/** Children that are left in the kernel at once. Each costs a process and no more; but a host that hangs makes more of them. */
const MOST = 16;
/** What hung is not looked at again for so long, ms: each look costs its caller the deadline. */
const QUIET_MS = 10_000;
/** SIGKILL takes no longer, ms, but on a process that waits in the kernel. */
const KILL_WAIT_MS = 500;

/**
 * The looks at the host that were given up (R33). Their children get SIGKILL; one that the kernel does not let go of is
 * left alone, and is counted until it ends. No second one is sent after it.
 */
class HangingLooks {
  readonly #quiet = new Set<string>();
  readonly #left = new Map<string, HangingLook>();
  readonly #listeners = new Set<() => void>();

  /** The children that are left in the kernel. */
  get left(): readonly HangingLook[] {
    return [...this.#left.values()];
  }

  /** Called when `left` has changed; until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether what goes by this key hung just now, or hangs still. */
  has(key: string): boolean {
    return this.#quiet.has(key) || this.#left.has(key);
  }

  /** Throws CannotTellError where no more looks may be begun. */
  assertRoom(): void {
    if (this.#left.size < MOST) return;
    const subjects = this.left.map(({ subject }) => subject).join(', ');
    throw new CannotTellError(`${MOST} looks at this host hang, so that none is begun: ${subjects}`, {
      remedy: 'end what hangs, or unmount what does not answer',
    });
  }

  /** Ends a child that looks, which leads a process group, and remembers that what it looked at gives no answer. */
  giveUp(key: string, subject: string, child: ChildProcess): void {
    const { pid } = child;
    for (const stream of [child.stdout, child.stderr]) {
      // Its end is that of the last one who has it open: of a shell that was killed, the program that hangs.
      stream?.removeAllListeners('data').resume();
      if (stream instanceof Socket) stream.unref();
    }
    killGroup(pid);
    child.unref();
    this.#quiet.add(key);
    setTimeout(() => this.#quiet.delete(key), QUIET_MS).unref();
    if (pid === undefined || (child.stdout?.closed && child.stderr?.closed)) return;
    const since = Date.now();
    const timer = setTimeout(() => {
      this.#left.set(key, { subject, pid, since });
      this.#tell();
    }, KILL_WAIT_MS).unref();
    child.once('close', () => {
      clearTimeout(timer);
      if (this.#left.get(key)?.pid === pid && this.#left.delete(key)) this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Of this process: all that looks shares the bound. */
export const hangingLooks = new HangingLooks();
