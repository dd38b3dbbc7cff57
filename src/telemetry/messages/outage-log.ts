import type { Log } from '../log/log.js';

/**
 * Logs an outage: one line when it begins, one when it ends, one when the reason changes. The tries in between are
 * logged at level DEBUG.
 */
export class OutageLog {
  #reason: string | undefined;
  #lostAt = 0;

  constructor(
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  get isLost(): boolean {
    return this.#reason !== undefined;
  }

  /** The reason of the outage. */
  get reason(): string | undefined {
    return this.#reason;
  }

  lost(reason: string, message: string): void {
    if (this.#reason === undefined) this.#lostAt = this.now();
    this.log[reason === this.#reason ? 'debug' : 'warn']('monitor_service', message);
    this.#reason = reason;
  }

  /** Writes the line only if there was an outage. */
  back(describe: (lostForMs: number) => string): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.log.info('monitor_service', describe(this.now() - this.#lostAt));
  }
}
