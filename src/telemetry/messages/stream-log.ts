import { isOnRequest } from '../../domain/alarm/alarm.js';
import type { BinlogError, StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../log/log.js';
import { OutageLog } from './outage-log.js';

/** Reasons that are remembered. Some have a number in them. */
const MAX_SKIPPED = 20;

/** Logs when the binlog stream comes up, is lost and is back, and how many alarms polling found meanwhile (R6). */
export class StreamLog {
  readonly #outage: OutageLog;
  /** The server that was last told. */
  #told: string | undefined;
  #isUp = false;
  #caughtByPolling = 0;
  #pendingSince: number | undefined;
  readonly #skipped = new Set<string>();

  constructor(
    private readonly log: Log,
    private readonly describeServer: () => string,
    private readonly describePolling: () => string,
    private readonly now: () => number,
  ) {
    this.#outage = new OutageLog(log, now);
    this.#pendingSince = now();
  }

  /** Why the stream is down, if it is. */
  get reason(): string | undefined {
    return this.#outage.reason;
  }

  /** Since when it is connecting; undefined once that has succeeded or failed. */
  get pendingSince(): number | undefined {
    return this.#pendingSince;
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'streaming') this.#up();
    if (signal.kind === 'lost') this.#lost(signal);
  }

  countAlarm(event: CycleEvent): void {
    if (event.type === 'detected' && !isOnRequest(event.alarm) && !this.#isUp) this.#caughtByPolling += 1;
  }

  /** A relay cannot be used. Each reason is said once. */
  relaySkipped(place: string, error: BinlogError): void {
    const reason = `${place}: ${describeError(error)}`;
    const message = `the binlog of a relay cannot be watched: ${reason.replace(/[.;]$/, '')}; the next one is tried`;
    if (this.#skipped.has(reason)) this.log.debug('monitor_service', message);
    else this.log.warn('monitor_service', message);
    this.#skipped.add(reason);
    if (this.#skipped.size > MAX_SKIPPED) this.#skipped.clear();
  }

  #up(): void {
    this.#isUp = true;
    this.#pendingSince = undefined;
    const server = this.describeServer();
    if (server !== this.#told && !this.#outage.isLost) {
      this.log.info('monitor_service', `watching the binlog of ${server}`);
    }
    this.#told = server;
    const caught = this.#caughtByPolling;
    this.#outage.back((lostForMs) => {
      const alarms = caught === 1 ? '1 alarm was' : `${caught} alarms were`;
      return `watching the binlog of ${server} again after ${(lostForMs / 1000).toFixed(1)} s; ${alarms} found by polling meanwhile`;
    });
  }

  #lost({ error, retryInMs, wasUpForMs }: Extract<StreamSignal, { kind: 'lost' }>): void {
    this.#isUp = false;
    // An altered table needs a new connection at once. No news for an admin.
    if (error.retryAtOnce) {
      this.#pendingSince = this.now();
      this.log.debug('monitor_service', `binlog stream restarted: ${error.message}`);
      return;
    }
    // The next try shows whether it was more than a broken connection.
    this.#pendingSince = this.#outage.isLost ? undefined : this.now();
    if (!this.#outage.isLost) this.#caughtByPolling = 0;
    const reason = describeError(error);
    const what = wasUpForMs === undefined ? 'the binlog cannot be watched' : 'binlog stream lost';
    this.#outage.lost(
      reason,
      `${what}: ${reason.replace(/[.;]$/, '')}; ${this.describePolling()}, next try in ${(retryInMs / 1000).toFixed(1)} s`,
    );
  }
}
