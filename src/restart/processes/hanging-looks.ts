import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { CannotTellError } from '../../domain/cycle/restart-target.js';

/** What a look was sent to. */
interface Subject {
  /** What was looked at, for messages: a path or a process. */
  readonly subject: string;
  /** The user whose process it is; undefined: the host's own things, as a mount. */
  readonly owner: number | undefined;
}

/** A look at something that gave no answer. */
interface HangingLook extends Subject {
  /** The pid of the child that looks. */
  readonly pid: number;
  /** When it was given up, ms since the epoch. */
  readonly since: number;
}

/**
 * How many children may be left in the kernel at once: at what is the host's and root's, and at the processes of the other
 * users together. Each costs only a process, but a host that hangs creates more of them.
 */
const MAX_LEFT = 16;
/** How many of them at the processes of one user, who may make as many that hang as he likes. */
const MAX_LEFT_OF_USER = 4;
/** Something that hung is not looked at again for this time, in ms: each look costs the caller its deadline. */
const QUIET_MS = 10_000;
/** How long to wait after SIGKILL, in ms. It works at once, except on a process that waits in the kernel. */
const KILL_WAIT_MS = 500;

/**
 * The looks at the host that were given up (R33). Their children get SIGKILL. A child that the kernel does not
 * release is left alone and counted until it ends, and no second child is sent to the same place.
 */
class HangingLooks {
  readonly #quiet = new Set<string>();
  /** Given up, and perhaps about to end. */
  readonly #ending = new Set<Subject>();
  /** By the number of the child. */
  readonly #left = new Map<number, HangingLook & { readonly key: string }>();
  readonly #listeners = new Set<() => void>();

  /** The children that are left in the kernel. */
  get left(): readonly HangingLook[] {
    return [...this.#left.values()].map(({ key: _, ...look }) => look);
  }

  /** Calls the listener whenever `left` has changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Whether a look with this key hung just now or still hangs. */
  has(key: string): boolean {
    return this.#quiet.has(key) || [...this.#left.values()].some((look) => look.key === key);
  }

  /** What has this key is not looked at for a while. */
  keepQuiet(key: string): void {
    this.#quiet.add(key);
    setTimeout(() => this.#quiet.delete(key), QUIET_MS).unref();
  }

  /** Whether a look at something of this owner may begin. What hangs of the users' takes no room from the host. */
  hasRoom(owner: number | undefined): boolean {
    const like = [...this.left, ...this.#ending].filter((look) => isUser(look.owner) === isUser(owner));
    const own = like.filter((look) => look.owner === owner);
    return like.length < MAX_LEFT && !(isUser(owner) && own.length >= MAX_LEFT_OF_USER);
  }

  /** Throws CannotTellError if no further look at something of this owner may begin. */
  assertRoom(owner: number | undefined): void {
    if (this.hasRoom(owner)) return;
    const like = [...this.left, ...this.#ending].filter((look) => isUser(look.owner) === isUser(owner));
    const subjects = like.map(({ subject }) => subject).join(', ');
    throw new CannotTellError(
      `no further look is begun, because ${like.length} looks at this host hang: ${subjects}`,
      { remedy: 'end the processes that hang, or unmount the mounts that do not answer' },
    );
  }

  /**
   * Ends a looking child, which leads a process group, and remembers that its look gave no answer. `key`: what is not looked
   * at a second time while it hangs.
   */
  giveUp(key: string, what: Subject, child: ChildProcess): void {
    const { pid } = child;
    for (const stream of [child.stdout, child.stderr]) {
      // The stream ends only with the last process that has it open: after the shell was killed, that is the program
      // that hangs.
      stream?.removeAllListeners('data').resume();
      if (stream instanceof Socket) stream.unref();
    }
    killGroup(pid);
    child.unref();
    this.keepQuiet(key);
    if (pid === undefined || (child.stdout?.closed && child.stderr?.closed)) return;
    const since = Date.now();
    this.#ending.add(what);
    const timer = setTimeout(() => {
      this.#ending.delete(what);
      this.#left.set(pid, { key, ...what, pid, since });
      this.#tell();
    }, KILL_WAIT_MS).unref();
    child.once('close', () => {
      clearTimeout(timer);
      this.#ending.delete(what);
      if (this.#left.delete(pid)) this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Anybody but root. */
export function isUser(owner: number | undefined): owner is number {
  return owner !== undefined && owner !== 0;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** One instance for this process: all looks share the bound. */
export const hangingLooks = new HangingLooks();
