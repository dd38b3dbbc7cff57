import { BinlogError } from '../../domain/alarm/binlog-signal.js';

/** More than one, because a single heartbeat may be late. */
const SILENT_HEARTBEATS = 3;
const START_TIMEOUT_MS = 10_000;

/**
 * Notices that a stream is dead. Any bytes prove that it is alive: while other tables change, the server sends no
 * heartbeats.
 */
export class SilenceWatchdog {
  #timer: NodeJS.Timeout | undefined;
  #isStreaming = false;

  constructor(
    private readonly heartbeatMs: number,
    private readonly onSilence: (error: BinlogError) => void,
  ) {}

  /** The server has begun to send: from now on heartbeats are due. */
  begin(): void {
    this.#isStreaming = true;
    this.stop();
    this.feed();
  }

  /** Bytes have come. */
  feed(): void {
    // A storm feeds it thousands of times: a timer that is made anew costs far more than one that is put off.
    if (this.#timer) this.#timer.refresh();
    else this.#timer = this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): NodeJS.Timeout {
    const limitMs = this.#isStreaming ? this.heartbeatMs * SILENT_HEARTBEATS : START_TIMEOUT_MS;
    return setTimeout(() => {
      this.onSilence(new BinlogError(describeSilence(this.#isStreaming, limitMs)));
    }, limitMs);
  }
}

function describeSilence(wasStreaming: boolean, limitMs: number): string {
  const seconds = limitMs / 1000;
  return wasStreaming
    ? `the server has been silent for ${seconds} s: not even a heartbeat arrived`
    : `the server did not begin to send its binlog within ${seconds} s`;
}
