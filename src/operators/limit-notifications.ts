import { Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import {
  MAX_GROUPED,
  type Notification,
  type NotificationGroup,
  type OutgoingNotification,
} from '../domain/notification/notification.js';
import { NotificationLimiter, type NotificationLimits } from '../domain/notification/notification-limiter.js';

/** A message is one event, or a group of them. */
type Message = OutgoingNotification | NotificationGroup;

interface LimitNotificationsOptions {
  /** Called each time, because a reload may change the limits. */
  readonly limits: () => NotificationLimits & {
    /** Events within this time after the first one are one message; 0: each is one, at once. */
    readonly groupWithinMs: number;
  };
  /** Called for the first notification that is dropped because there are too many, but not for those right after it. */
  readonly onTooMany: () => void;
  readonly scheduler: SchedulerLike;
}

/**
 * Limits notifications to news, at a rate that people can read. Repetitions are counted. What exceeds the rate is
 * dropped, and the next notification says how many. A suppressed notification that differs from the last one sent is
 * sent when its wait is over, unless a newer one replaced it. A group counts as one message, when its first event comes.
 * When the source completes, the open group is sent, and nothing else is waited for.
 */
export function limitNotifications({
  limits,
  onTooMany,
  scheduler,
}: LimitNotificationsOptions): OperatorFunction<Notification, Message> {
  return (source) =>
    new Observable<Message>((subscriber) => {
      const limiter = new NotificationLimiter();
      const group = new OpenGroup(scheduler, (message) => subscriber.next(message));
      let isTooMany = false;
      let timer: Subscription | undefined;

      const decide = (notification: Notification): void => {
        const verdict = limiter.decide(notification, scheduler.now(), limits(), group.isOpen);
        if (verdict.kind === 'repeated') return;
        const wasTooMany = isTooMany;
        isTooMany = verdict.kind === 'dropped';
        if (verdict.kind === 'send') group.add(verdict.outgoing, limits().groupWithinMs);
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
        complete() {
          group.send();
          subscriber.complete();
        },
      });
      subscriber.add(() => {
        subscription.unsubscribe();
        timer?.unsubscribe();
        group.stop();
      });
    });
}

/** The longest delay that setTimeout accepts, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Collects the events of one message. */
class OpenGroup {
  #events: OutgoingNotification[] = [];
  #more = 0;
  #timer: Subscription | undefined;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly onMessage: (message: Message) => void,
  ) {}

  get isOpen(): boolean {
    return this.#events.length > 0;
  }

  /** Opens a group if none is open, for so long. Without a time the event is a message of its own. */
  add(event: OutgoingNotification, withinMs: number): void {
    if (!this.isOpen && withinMs === 0) {
      this.onMessage(event);
      return;
    }
    if (!this.isOpen) this.#timer = this.scheduler.schedule(() => this.send(), withinMs);
    if (this.#events.length < MAX_GROUPED) this.#events.push(event);
    else this.#more += 1;
  }

  /** Sends what was collected; one event alone as it is. */
  send(): void {
    const [first, ...others] = this.#events;
    const more = this.#more;
    const group = this.#events;
    this.stop();
    if (!first) return;
    this.onMessage(others.length === 0 ? first : { group, more, dropped: first.dropped });
  }

  stop(): void {
    this.#timer?.unsubscribe();
    this.#events = [];
    this.#more = 0;
  }
}
