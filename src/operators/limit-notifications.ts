import { Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { Notification, OutgoingNotification } from '../domain/notification/notification.js';
import { NotificationLimiter, type NotificationLimits } from '../domain/notification/notification-limiter.js';

interface LimitNotificationsOptions {
  /** Called each time, because a reload may change the limits. */
  readonly limits: () => NotificationLimits;
  /** Called for the first notification that is dropped because there are too many, but not for those right after it. */
  readonly onTooMany: () => void;
  readonly scheduler: SchedulerLike;
}

/**
 * Limits notifications to news, at a rate that people can read. Repetitions are counted. What exceeds the rate is
 * dropped, and the next notification says how many. A suppressed notification that differs from the last one sent is
 * sent when its wait is over, unless a newer one replaced it. Waits for nothing when the source completes.
 */
export function limitNotifications({
  limits,
  onTooMany,
  scheduler,
}: LimitNotificationsOptions): OperatorFunction<Notification, OutgoingNotification> {
  return (source) =>
    new Observable<OutgoingNotification>((subscriber) => {
      const limiter = new NotificationLimiter();
      let isTooMany = false;
      let timer: Subscription | undefined;

      const decide = (notification: Notification): void => {
        const verdict = limiter.decide(notification, scheduler.now(), limits());
        if (verdict.kind === 'repeated') return;
        const wasTooMany = isTooMany;
        isTooMany = verdict.kind === 'dropped';
        if (verdict.kind === 'send') subscriber.next(verdict.outgoing);
        else if (!wasTooMany) onTooMany();
      };
      const schedule = (): void => {
        timer?.unsubscribe();
        const waitMs = limiter.nextDue(limits()) - scheduler.now();
        if (waitMs !== Number.POSITIVE_INFINITY) {
          timer = scheduler.schedule(tellDue, Math.min(Math.max(waitMs, 0), MAX_TIMER_MS));
        }
      };
      const tellDue = (): void => {
        for (const notification of limiter.takeDue(scheduler.now(), limits())) decide(notification);
        schedule();
      };

      const subscription = source.subscribe({
        next(notification) {
          decide(notification);
          schedule();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      subscriber.add(() => {
        subscription.unsubscribe();
        timer?.unsubscribe();
      });
    });
}

/** The longest delay that setTimeout accepts, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;
