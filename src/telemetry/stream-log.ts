import type { StreamSignal } from '../domain/binlog.js';
import type { CycleEvent } from '../domain/cycle-event.js';
import { describeError } from '../domain/errors.js';
import type { Log } from './log.js';
import { OutageLog } from './outage-log.js';

/** Tells of the binlog stream: watching, lost, back, and how many alarms polling caught meanwhile (R6). */
export class StreamLog {
  readonly #outage: OutageLog;
  #wasUp = false;
  #isUp = false;
  #caughtByPolling = 0;

  constructor(
    private readonly log: Log,
    private readonly describeServer: () => string,
    private readonly describePolling: () => string,
    now: () => number,
  ) {
    this.#outage = new OutageLog(log, now);
  }

  /** Why the stream is down, if it is. */
  get reason(): string | undefined {
    return this.#outage.reason;
  }

  take(signal: StreamSignal): void {
    if (signal.kind === 'streaming') this.#up();
    if (signal.kind === 'lost') this.#lost(signal);
  }

  countAlarm(event: CycleEvent): void {
    if (event.type === 'detected' && event.alarm.trigger !== 'manual' && !this.#isUp)
      this.#caughtByPolling += 1;
  }

  #up(): void {
    this.#isUp = true;
    if (!this.#wasUp && !this.#outage.isLost) {
      this.log.info('monitor_service', `watching the binlog of ${this.describeServer()}`);
    }
    this.#wasUp = true;
    const caught = this.#caughtByPolling;
    this.#outage.back((lostForMs) => {
      const alarms = caught === 1 ? '1 alarm was' : `${caught} alarms were`;
      return `watching the binlog of ${this.describeServer()} again after ${(lostForMs / 1000).toFixed(1)} s; ${alarms} caught by polling meanwhile`;
    });
  }

  #lost({ error, retryInMs, wasUpForMs }: Extract<StreamSignal, { kind: 'lost' }>): void {
    this.#isUp = false;
    // A table that was altered needs a new connection, at once: nothing for an admin to know.
    if (error.retryAtOnce) {
      this.log.debug('monitor_service', `binlog stream begun anew: ${error.message}`);
      return;
    }
    if (!this.#outage.isLost) this.#caughtByPolling = 0;
    const reason = describeError(error);
    const what = wasUpForMs === undefined ? 'the binlog cannot be watched' : 'binlog stream lost';
    this.#outage.lost(
      reason,
      `${what}: ${reason.replace(/[.;]$/, '')}; ${this.describePolling()}, next try in ${(retryInMs / 1000).toFixed(1)} s`,
    );
  }
}
