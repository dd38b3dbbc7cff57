/**
 * The events that can be sent, and their meaning. The names are used in `[notify] events`, in the JSON and in the
 * variables of the command.
 */
const NOTIFICATION_EVENTS = {
  failed: 'a cycle failed: the process could not be restarted, or is not healthy',
  refused: 'an alarm names a process that must not be restarted',
  opened: 'the circuit breaker of a process opened: no restarts for a while',
  flapping: 'a process was restarted so often that its breaker opened',
  escalated: 'the escalation command of a process was run, because its breaker opened',
  'half-opened': 'the breaker allows one cycle',
  closed: 'the breaker closed: the process is healthy, or an administrator closed it',
  restarted: 'a process was restarted and is healthy',
  'stream-lost': 'the binlog stream is down; the service polls the table',
  'stream-back': 'the binlog stream is up again',
  'database-lost': 'the table of alarms cannot be read',
  'database-back': 'the table can be read again',
  'server-changed': 'the service is at another database server, or at one that may not write, or may again',
  started: 'the service has started',
  stopped: 'the service stops',
} as const;

export type NotificationEvent = keyof typeof NOTIFICATION_EVENTS;

export const NOTIFICATION_NAMES = Object.freeze(
  Object.keys(NOTIFICATION_EVENTS),
) as readonly NotificationEvent[];

/** One event to send. */
export interface Notification {
  readonly event: NotificationEvent;
  /** ms since the epoch. */
  readonly at: number;
  /** Absent if it is about the service itself. */
  readonly process?: { readonly id: number; readonly name: string };
  /** One line for a person, without the name of the process. */
  readonly message: string;
  /** Further details for programs; times in ms since the epoch. */
  readonly details: NotificationDetails;
}

export interface NotificationDetails {
  readonly strategy?: string;
  readonly attempts?: number;
  readonly step?: string;
  readonly reason?: string;
  readonly failures?: number;
  readonly restarts?: number;
  readonly retryAt?: number;
  readonly by?: string;
}

/** Events that came within a short time, in one message. */
export interface NotificationGroup {
  /** In the order in which they came; at least two, at most `MAX_GROUPED`. */
  readonly group: readonly OutgoingNotification[];
  /** How many more of them there were. */
  readonly more: number;
  /** How many notifications of any kind were dropped because there were too many. */
  readonly dropped: number;
}

/** How many events one message lists: nobody reads more, and receivers limit its size. */
export const MAX_GROUPED = 50;

/** A notification as it is delivered, with the number of those left out before it. `test`: an administrator asked for it. */
export interface OutgoingNotification extends Omit<Notification, 'event'> {
  readonly event: NotificationEvent | 'test';
  /** How often the same event of the same process was suppressed since the last one was sent. */
  readonly repeated: number;
  /** How many notifications of any kind were dropped because there were too many. */
  readonly dropped: number;
}
