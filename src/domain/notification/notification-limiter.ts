import type { Notification, NotificationEvent, OutgoingNotification } from './notification.js';

export interface NotificationLimits {
  /** The same event of the same process is sent once in this time. */
  readonly repeatAfterMs: number;
  /** Of all events together. */
  readonly maxPerMinute: number;
}

type LimitDecision =
  | { readonly kind: 'send'; readonly outgoing: OutgoingNotification }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'dropped' };

const MINUTE_MS = 60_000;
/** Anybody may add rows with new names, so the number of remembered topics is bounded. */
const MAX_TOPICS = 1000;

/**
 * Decides what is sent, what is a repetition and what is too much. It has no clock: `now` is ms since the epoch. A
 * clock that is set back forgets nothing and suppresses nothing.
 */
export class NotificationLimiter {
  readonly #topics = new Map<string, Topic>();
  /** Keys of the topics that hold a suppressed notification. */
  readonly #holding = new Set<string>();
  /** When notifications were sent within the last minute, the oldest first. */
  #times: number[] = [];
  /** Number of notifications that were dropped since the last one was sent. */
  #dropped = 0;

  /** `isFree`: it joins a message that has been counted already, and is never too much. */
  decide(notification: Notification, now: number, limits: NotificationLimits, isFree = false): LimitDecision {
    const key = topicOf(notification);
    const topic = this.#touch(key);
    const { event } = notification;
    const toldAt = topic.toldAt.get(event);
    if (toldAt !== undefined && isWithin(toldAt, now, limits.repeatAfterMs)) {
      topic.repeated.set(event, (topic.repeated.get(event) ?? 0) + 1);
      this.#hold(key, topic, situationOf(notification) === topic.lastTold ? undefined : notification);
      return { kind: 'repeated' };
    }
    // The suppressed notification is no longer the latest.
    this.#hold(key, topic, undefined);
    this.#times = this.#times.filter((at) => isWithin(at, now, MINUTE_MS));
    if (!isFree && this.#times.length >= limits.maxPerMinute) {
      this.#dropped += 1;
      return { kind: 'dropped' };
    }
    const outgoing = { ...notification, repeated: topic.repeated.get(event) ?? 0, dropped: this.#dropped };
    topic.toldAt.set(event, now);
    topic.lastTold = situationOf(notification);
    topic.repeated.delete(event);
    if (!isFree) this.#times.push(now);
    this.#dropped = 0;
    return { kind: 'send', outgoing };
  }

  /** When the next suppressed notification is due, ms since the epoch; Infinity if none is. */
  nextDue({ repeatAfterMs }: NotificationLimits): number {
    let next = Number.POSITIVE_INFINITY;
    for (const key of this.#holding) next = Math.min(next, dueAt(this.#topics.get(key), repeatAfterMs));
    return next;
  }

  /** Takes out the notifications that are due; they must be decided on again. */
  takeDue(now: number, { repeatAfterMs }: NotificationLimits): readonly Notification[] {
    const due: Notification[] = [];
    for (const key of [...this.#holding]) {
      const topic = this.#topics.get(key);
      if (!topic?.held || dueAt(topic, repeatAfterMs) > now) continue;
      const { held } = topic;
      due.push(held);
      // It is sent itself; only those before it were repetitions.
      topic.repeated.set(held.event, (topic.repeated.get(held.event) ?? 1) - 1);
      this.#hold(key, topic, undefined);
    }
    return due;
  }

  /** The most recently used topic comes last; the least recently used one is forgotten. */
  #touch(key: string): Topic {
    const topic = this.#topics.get(key) ?? new Topic();
    this.#topics.delete(key);
    this.#topics.set(key, topic);
    const [oldest] = this.#topics.keys();
    if (this.#topics.size > MAX_TOPICS && oldest !== undefined) {
      this.#topics.delete(oldest);
      this.#holding.delete(oldest);
    }
    return topic;
  }

  #hold(key: string, topic: Topic, notification: Notification | undefined): void {
    topic.held = notification;
    if (notification) this.#holding.add(key);
    else this.#holding.delete(key);
  }
}

/** Events of one process that belong together: of `stream-lost` and `stream-back` only the latest is true. */
class Topic {
  readonly toldAt = new Map<NotificationEvent, number>();
  readonly repeated = new Map<NotificationEvent, number>();
  /** What the last notification sent has said. */
  lastTold: string | undefined;
  /**
   * The latest repetition, if it says something else than the last notification sent. It is sent when its wait is over:
   * without it, a reader of `lost`, `back` would never learn of a second `lost` within the wait.
   */
  held: Notification | undefined;
}

function dueAt(topic: Topic | undefined, repeatAfterMs: number): number {
  if (!topic?.held) return Number.POSITIVE_INFINITY;
  return (topic.toldAt.get(topic.held.event) ?? 0) + repeatAfterMs;
}

function isWithin(at: number, now: number, spanMs: number): boolean {
  return at <= now && now - at < spanMs;
}

/** Events of which only the latest is true share a topic; every other event has its own. */
const SUBJECTS: Partial<Record<NotificationEvent, string>> = {
  opened: 'breaker',
  flapping: 'breaker',
  'half-opened': 'breaker',
  closed: 'breaker',
  'stream-lost': 'stream',
  'stream-back': 'stream',
  'database-lost': 'database',
  'database-back': 'database',
};

function topicOf({ event, process }: Notification): string {
  // A process_id that gets another name is another process.
  return `${SUBJECTS[event] ?? event} ${process?.id ?? ''} ${process?.name ?? ''}`;
}

/** Two notifications of one topic that give the same answer say the same. Some events cover opposite situations. */
function situationOf({ event, message, details }: Notification): string {
  if (event === 'server-changed') return message;
  if (event === 'escalated') return details.reason === undefined ? 'escalated' : 'not escalated';
  return event;
}
