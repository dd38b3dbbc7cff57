import { catchError, defer, EMPTY, ignoreElements, type Observable, type OperatorFunction, tap } from 'rxjs';
import { describeError } from '../../domain/errors.js';
import type { OutgoingNotification } from '../../domain/notification/notification.js';
import { boundedQueue } from '../../operators/bounded-queue.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';
import type { DeliveryResult } from '../../telemetry/metrics/metrics.js';

/** How many may wait for one way: more than a minute's worth at the rate that is allowed by default. */
const QUEUE_SIZE = 50;

export interface DeliveryOptions {
  readonly way: 'command' | 'webhook';
  /** Undefined where this way is not configured now. Its rejection is a failure. */
  readonly deliver: (notice: OutgoingNotification) => Observable<unknown> | undefined;
  readonly onResult: (way: 'command' | 'webhook', result: DeliveryResult, count?: number) => void;
  readonly log: Log;
}

/** One way to tell people: one notice at a time, and a failure is a line in the log and no more (R13). */
export function deliverBy(options: DeliveryOptions): OperatorFunction<OutgoingNotification, never> {
  const { way, deliver, onResult, log } = options;
  const outage = new OutageLog(log, Date.now);
  const work = (notice: OutgoingNotification, lost: number): Observable<never> =>
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

function describe({ event, process }: OutgoingNotification): string {
  return process === undefined ? event : `${event}: ${process.name}`;
}
