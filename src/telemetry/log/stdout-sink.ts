import type { Writable } from 'node:stream';
import { describeError } from '../../domain/errors.js';

/** How many bytes may wait in memory for a reader that does not read; later lines are dropped. */
const MAX_WAITING = 1024 * 1024;

/**
 * Stdout as a log sink that cannot harm the service (R13). Node writes to pipes and sockets without blocking, and
 * queues without limit for a slow reader, so this sets a limit. A broken stdout (EPIPE) is given up for
 * good, because Node's stream does not recover.
 */
export class StdoutSink {
  readonly #stdout: Writable;
  readonly #onBroken: (reason: string) => void;
  #broken = false;
  #dropped = 0;

  constructor(stdout: Writable, onBroken: (reason: string) => void) {
    this.#stdout = stdout;
    this.#onBroken = onBroken;
    // Never removed: a queued write can still fail after the log was closed.
    stdout.on('error', (error) => this.#giveUp(error));
  }

  write(line: string): void {
    if (this.#broken) return;
    if (this.#stdout.writableLength > MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    try {
      this.#stdout.write(line);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** How many lines were dropped since the last call; 0 while the reader still does not read. */
  takeDropped(): number {
    if (this.#dropped === 0 || this.#stdout.writableLength > MAX_WAITING / 2) return 0;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #giveUp(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#dropped = 0;
    this.#onBroken(describeError(error));
  }
}
