import * as z from 'zod';
import { NOTIFICATION_NAMES } from '../../domain/notification/notification.js';
import { optionalWebAddress } from './address-keys.js';
import { listOf } from './list-keys.js';
import { integer, seconds } from './number-keys.js';
import { command } from './text-keys.js';

const WEEK_S = 7 * 86_400;
/** What somebody must know who does not look at the log. */
const DEFAULT_EVENTS =
  'failed, refused, opened, closed, stream-lost, stream-back, database-lost, database-back';

/** The keys of `[notify]`. */
export const NOTIFY_KEYS = z.object({
  command: command({
    why: 'Runs for each event, with the event as JSON on stdin and in the variables MONITOR_EVENT and so on.',
  }),
  webhook: optionalWebAddress({
    why: 'Gets the same JSON by POST; the file must then be mode 0600, for the address may hold a token.',
  }),
  events: listOf(NOTIFICATION_NAMES, {
    default: DEFAULT_EVENTS,
    why: 'What is told: failed, refused, opened, half-opened, closed, restarted, stream-lost and so on.',
  }),
  timeout: seconds({
    default: '10',
    min: 0.1,
    max: 3600,
    why: 'Deadline of the command, and of each try of the webhook.',
  }),
  repeat_after: seconds({
    default: '300',
    min: 0,
    max: WEEK_S,
    why: 'The same event of the same process is told once in this time.',
  }),
  max_per_minute: integer({
    default: '20',
    min: 1,
    max: 10_000,
    why: 'More are left out; the next one says how many.',
  }),
});
