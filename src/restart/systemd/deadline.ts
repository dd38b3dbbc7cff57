import { fromEvent, merge, type Observable, of, timer } from 'rxjs';
import type { JobWait } from './systemd-client.js';

/** The end of a wait: a time, or somebody who gives it up. */
export class Deadline {
  readonly #at: number;

  constructor(private readonly wait: JobWait) {
    this.#at = performance.now() + wait.timeoutMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** What is left of it, for a part of what is waited for. */
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

  /** Why the wait is over; undefined: it is not. */
  get over(): string | undefined {
    if (this.isAborted) return 'aborted';
    return this.leftMs === 0 ? `no end within ${this.wait.timeoutMs / 1000} s` : undefined;
  }

  /** What a promise resolves to, or, where the wait ends before it, what `onEnd` makes of the reason. */
  async race<T>(promise: Promise<T>, onEnd: (reason: string) => T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const ended = new Promise<T>((resolve) => {
      stop = () => resolve(onEnd(this.over ?? `no end within ${this.wait.timeoutMs / 1000} s`));
      // When we have stood still, a late timer comes before news that came in time: they are heard first.
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
