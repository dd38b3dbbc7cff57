/**
 * What the administrator can be told of, and what each name means. The names stand in `[notify] events`, in the JSON and
 * in the variables of the command.
 */
const NOTIFICATION_EVENTS = {
  failed: 'a cycle failed: the process could not be restarted, or is not healthy',
  refused: 'the name of a process in alarm may not reach a command',
  opened: 'the circuit breaker of a process opened: it is not restarted for a while',
  'half-opened': 'the breaker lets one cycle try again',
  closed: 'the breaker closed: the process is healthy, or somebody reset it',
  restarted: 'a process was restarted and is healthy',
  'stream-lost': 'the binlog cannot be watched; the table is polled',
  'stream-back': 'the binlog is watched again',
  'database-lost': 'the table of alarms cannot be read',
  'database-back': 'the table can be read again',
  started: 'the service has started',
  stopped: 'the service ends',
} as const;

export type NotificationEvent = keyof typeof NOTIFICATION_EVENTS;

export const NOTIFICATION_NAMES = Object.freeze(
  Object.keys(NOTIFICATION_EVENTS),
) as readonly NotificationEvent[];

/** One thing that somebody wants to be told of. */
export interface Notification {
  readonly event: NotificationEvent;
  /** ms since the epoch. */
  readonly at: number;
  /** Absent where it is about the service itself. */
  readonly process?: { readonly id: number; readonly name: string };
  /** One line for a person, without the name of the process. */
  readonly message: string;
  /** What a program wants to know besides; times in ms since the epoch. */
  readonly details: NotificationDetails;
}

export interface NotificationDetails {
  readonly strategy?: string;
  readonly attempts?: number;
  readonly step?: string;
  readonly reason?: string;
  readonly failures?: number;
  readonly retryAt?: number;
  readonly by?: string;
}

/** A notification as it is delivered, with what was left out before it. */
export interface OutgoingNotification extends Notification {
  /** The same event of the same process, told no more since it was told last. */
  readonly repeated: number;
  /** Anything, because there was too much of it. */
  readonly dropped: number;
}
