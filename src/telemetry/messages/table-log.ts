import { describeError } from '../../domain/errors.js';
import type { Log } from '../log/log.js';
import { OutageLog } from './outage-log.js';
import type { StreamLog } from './stream-log.js';

/** A connecting stream has the same problem. It has this long to report it, ms. */
const STREAM_TELLS_WITHIN_MS = 15_000;

const MAX_IGNORED_TOLD = 100;

/** Logs when the table cannot be read and when it can again. What the stream has already logged is not repeated. */
export class TableLog {
  readonly #outage: OutageLog;
  readonly #ignored = new Set<string>();

  constructor(
    private readonly log: Log,
    private readonly stream: Pick<StreamLog, 'reason' | 'pendingSince'>,
    /** Whether the stream will report its own state. */
    private readonly isStreamed: () => boolean,
    private readonly now: () => number,
  ) {
    this.#outage = new OutageLog(log, now);
  }

  failed(error: unknown): void {
    const reason = describeError(error);
    if (reason === this.stream.reason) return;
    const message = `cannot read the table: ${reason}; retrying`;
    if (this.#isTheStreamsTurn()) this.log.debug('monitor_service', message);
    else this.#outage.lost(reason, message);
  }

  succeeded(): void {
    this.#outage.back((ms) => `the table can be read again after ${(ms / 1000).toFixed(1)} s`);
  }

  /** The readings that follow an event are over: what is seen from now on comes with the binlog, or with a poll. */
  allRead(): void {
    this.log.debug('monitor_service', 'the table has been read: it is read again at the next event or poll');
  }

  /** Rows whose alarms cannot be read. Each is logged once. */
  ignored(processIds: readonly string[]): void {
    for (const id of processIds) {
      if (this.#ignored.has(id) || this.#ignored.size >= MAX_IGNORED_TOLD) continue;
      this.#ignored.add(id);
      this.log.warn(
        'monitor_service',
        `process_id ${id} is larger than ${Number.MAX_SAFE_INTEGER}: its alarms are ignored; give the process a smaller process_id`,
      );
    }
  }

  #isTheStreamsTurn(): boolean {
    const { pendingSince } = this.stream;
    if (pendingSince === undefined || !this.isStreamed()) return false;
    return Math.abs(this.now() - pendingSince) < STREAM_TELLS_WITHIN_MS;
  }
}
