import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { isEnough, type ServerChange } from '../../domain/database-server.js';
import { describeError } from '../../domain/errors.js';
import type { Notification, NotificationEvent } from '../../domain/notification/notification.js';
import { describeServerChange, describeShortcoming } from '../messages/server-log.js';

/** The notifications about the service itself: stream and table lost and back. */
export class ServiceNotifications {
  #isStreamLost = false;
  #isTableLost = false;

  /** ms since the epoch. */
  constructor(private readonly now: () => number) {}

  ofSignal(signal: StreamSignal): Notification | undefined {
    if (signal.kind === 'streaming') {
      if (!this.#isStreamLost) return undefined;
      this.#isStreamLost = false;
      return this.#tell('stream-back', 'the binlog stream is up again');
    }
    // An altered table needs a new connection at once. No news for an admin.
    if (signal.kind !== 'lost' || signal.error.retryAtOnce || this.#isStreamLost) return undefined;
    this.#isStreamLost = true;
    const reason = describeError(signal.error);
    return this.#tell('stream-lost', `the binlog cannot be watched, polling: ${reason}`, reason);
  }

  /** `problem`: why the last reading of the table failed. */
  ofTable(problem: string | undefined): Notification | undefined {
    if (this.#isTableLost === (problem !== undefined)) return undefined;
    this.#isTableLost = problem !== undefined;
    return problem === undefined
      ? this.#tell('database-back', 'the table can be read again')
      : this.#tell('database-lost', `cannot read the table: ${problem}`, problem);
  }

  /** `takesAny`: nothing is written, so that any server will do. */
  ofServer(change: ServerChange, takesAny: boolean): Notification | undefined {
    const { now, was, isOther } = change;
    const isPoor = !isEnough(now, takesAny);
    // The first server is no change, unless it is a poor one.
    if (was === undefined && !isPoor) return undefined;
    const parts = [
      ...(was && (isOther || !isPoor) ? [describeServerChange(change)] : []),
      ...(isPoor ? [describeShortcoming(now)] : []),
    ];
    return this.#tell('server-changed', parts.join('; '));
  }

  started(): Notification {
    return this.#tell('started', 'the service has started');
  }

  stopped(): Notification {
    return this.#tell('stopped', 'the service stops; alarms are not handled');
  }

  #tell(event: NotificationEvent, message: string, reason?: string): Notification {
    return { event, at: this.now(), message, details: reason === undefined ? {} : { reason } };
  }
}
