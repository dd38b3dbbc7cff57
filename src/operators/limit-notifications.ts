import { Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { Notification, OutgoingNotification } from '../domain/notification/notification.js';
import { NotificationLimiter, type NotificationLimits } from '../domain/notification/notification-limiter.js';

interface LimitNotificationsOptions {
  /** Asked for each time: a reload may change them. */
  readonly limits: () => NotificationLimits;
  /** Told of the first that was left out because there were too many, not of those right after it. */
  readonly onTooMany: () => void;
  readonly scheduler: SchedulerLike;
}

/**
 * Lets through what is news, and not more of it than somebody can read: repetitions are counted, and what is too much
 * is left out, which the next one tells. A repetition that says something else than what was told last comes when its
 * time is over, if it is still the latest. Nothing is waited for when the source ends.
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
        if (verdict.kind === 'send') subscriber.next(verdict.notice);
        else if (!wasTooMany) onTooMany();
      };
      const schedule = (): void => {
        timer?.unsubscribe();
        const waitMs = limiter.nextDue(limits()) - scheduler.now();
        if (waitMs !== Number.POSITIVE_INFINITY) {
          timer = scheduler.schedule(tellDue, Math.min(Math.max(waitMs, 0), LONGEST_TIMER_MS));
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

/** What setTimeout can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
