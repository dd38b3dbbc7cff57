import * as z from 'zod';
import { NOTIFICATION_NAMES } from '../../domain/notification/notification.js';
import { optionalWebAddress } from './address-keys.js';
import { listOf } from './list-keys.js';
import { integer, seconds, WEEK_S } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { command } from './text-keys.js';

/** What an admin must know without looking at the log. */
const DEFAULT_EVENTS =
  'failed, refused, opened, flapping, escalated, closed, stream-lost, stream-back, database-lost, database-back, server-changed';

export const NOTIFY_KEYS = z.object({
  command: command({
    why: 'Command for each event. The event is JSON on stdin, and in $MONITOR_EVENT, $MONITOR_PROCESS, $MONITOR_MESSAGE ...',
  }),
  webhook: optionalWebAddress({
    why: 'Address that gets the same JSON by POST. It may contain a token, so this file must have mode 0600.',
  }),
  events: listOf(NOTIFICATION_NAMES, {
    default: DEFAULT_EVENTS,
    why: 'Events that are sent. There are also: half-opened, restarted, started, stopped.',
  }),
  timeout: seconds({
    default: '10',
    min: 0.1,
    max: 3600,
    why: 'Deadline of the command, and of each of the up to three tries of the webhook.',
  }),
  repeat_after: seconds({
    default: '300',
    min: 0,
    max: WEEK_S,
    why: 'The same event of the same process is sent once in this time.',
  }),
  group_within: seconds({
    default: '0',
    min: 0,
    max: 3600,
    why: 'Events that come within this time after the first one are one message that lists them. 0: each event is a message, at once.',
  }),
  max_per_minute: integer({
    default: '20',
    min: 1,
    max: 10_000,
    why: 'How many notifications may be sent in a minute; a group counts as one. Further ones are dropped; the next one says how many.',
  }),
});

export type NotifyConfig = ReturnType<typeof buildNotify>;

export function buildNotify(keys: z.output<typeof NOTIFY_KEYS>) {
  return omitAbsent({
    command: keys.command,
    /** May hold a token. Never logged (R24). */
    webhook: keys.webhook,
    events: keys.events,
    timeoutMs: keys.timeout,
    repeatAfterMs: keys.repeat_after,
    /** 0: nothing is grouped. */
    groupWithinMs: keys.group_within,
    maxPerMinute: keys.max_per_minute,
  });
}
