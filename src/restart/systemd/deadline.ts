import { fromEvent, merge, type Observable, of, timer } from 'rxjs';
import type { JobWait } from './systemd-client.js';

/** The end of a wait: a time, or an abort. */
export class Deadline {
  readonly #at: number;

  constructor(private readonly wait: JobWait) {
    this.#at = performance.now() + wait.timeoutMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** The rest of the wait, for a part of the work. */
  get rest(): JobWait {
    const { signal } = this.wait;
    return { timeoutMs: Math.max(1, this.leftMs), ...(signal && { signal }) };
  }

  get isAborted(): boolean {
    return this.wait.signal?.aborted === true;
  }

  /** Emits when the wait is over. */
  get ends(): Observable<unknown> {
    const { signal } = this.wait;
    const aborted = signal?.aborted ? of(undefined) : signal && fromEvent(signal, 'abort');
    return merge(timer(this.leftMs), ...(aborted ? [aborted] : []));
  }

  /** Why the wait is over; undefined while it is not. */
  get over(): string | undefined {
    if (this.isAborted) return this.reason;
    return this.leftMs === 0 ? this.reason : undefined;
  }

  /**
   * Why the wait is over, also if its timer fired a moment early. Rounded, because the rest of a wait is no whole
   * number.
   */
  get reason(): string {
    if (this.isAborted) return 'aborted';
    return `no end within ${Math.round(this.wait.timeoutMs) / 1000} s`;
  }

  /** Resolves to the result of the promise, or to `onEnd(reason)` if the wait ends first. */
  async race<T>(promise: Promise<T>, onEnd: (reason: string) => T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const ended = new Promise<T>((resolve) => {
      stop = () => resolve(onEnd(this.reason));
      // If this process was stopped, the late timer fires before news that came in time. The news must be handled
      // first.
      timer = setTimeout(() => setImmediate(() => setImmediate(() => stop?.())), this.leftMs);
      this.wait.signal?.addEventListener('abort', stop, { once: true });
      if (this.isAborted) stop();
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      clearTimeout(timer);
      if (stop) this.wait.signal?.removeEventListener('abort', stop);
    }
  }
}
