import type { Log } from '../log/log.js';

/**
 * Tells of something that comes and goes: one line when it is lost, one when it is back, one when the reason changes.
 * The tries in between are for the debug level.
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

  /** Why it is lost. */
  get reason(): string | undefined {
    return this.#reason;
  }

  lost(reason: string, message: string): void {
    if (this.#reason === undefined) this.#lostAt = this.now();
    this.log[reason === this.#reason ? 'debug' : 'warn']('monitor_service', message);
    this.#reason = reason;
  }

  /** Writes the line only where something was lost. */
  back(describe: (lostForMs: number) => string): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.log.info('monitor_service', describe(this.now() - this.#lostAt));
  }
}
