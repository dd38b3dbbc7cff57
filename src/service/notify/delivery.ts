import { catchError, defer, EMPTY, ignoreElements, type Observable, type OperatorFunction, tap } from 'rxjs';
import { describeError } from '../../domain/errors.js';
import type { NotificationGroup, OutgoingNotification } from '../../domain/notification/notification.js';
import { boundedQueue } from '../../operators/bounded-queue.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';
import type { DeliveryResult } from '../../telemetry/metrics/metrics.js';

/** How many notifications may wait per channel: more than a minute's worth at the default rate. */
const QUEUE_SIZE = 50;

/** A message is one event, or a group of them. */
type Message = OutgoingNotification | NotificationGroup;

export interface DeliveryOptions {
  readonly way: 'command' | 'webhook';
  /**
   * Delivers one notification. Returns undefined if the channel is not configured now. An error means that the
   * delivery failed.
   */
  readonly deliver: (message: Message) => Observable<unknown> | undefined;
  readonly onResult: (way: 'command' | 'webhook', result: DeliveryResult, count?: number) => void;
  readonly log: Log;
}

/** Delivers notifications over one channel, one at a time. A failure is logged and goes no further (R13). */
export function deliverBy(options: DeliveryOptions): OperatorFunction<Message, never> {
  const { way, deliver, onResult, log } = options;
  const outage = new OutageLog(log, Date.now);
  const work = (notice: Message, lost: number): Observable<never> =>
    defer(() => {
      if (lost > 0) onResult(way, 'given-up', lost);
      const delivery = deliver({ ...notice, dropped: notice.dropped + lost });
      if (!delivery) return EMPTY;
      return delivery.pipe(
        tap({
          complete() {
            onResult(way, 'delivered');
            outage.back(() => `notifications by ${way} are delivered again`);
          },
        }),
      );
    }).pipe(
      ignoreElements(),
      catchError((error: unknown) => {
        const reason = describeError(error);
        onResult(way, 'failed');
        outage.lost(reason, `the notification "${describe(notice)}" was not delivered by ${way}: ${reason}`);
        return EMPTY;
      }),
    );
  return boundedQueue({ size: QUEUE_SIZE, project: work });
}

function describe(message: Message): string {
  if ('group' in message) return `${message.group.length + message.more} events`;
  const { event, process } = message;
  return process === undefined ? event : `${event}: ${process.name}`;
}
