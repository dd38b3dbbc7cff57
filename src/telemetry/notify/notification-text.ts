import type { NotificationGroup, OutgoingNotification } from '../../domain/notification/notification.js';
import { checkSystemName } from '../../domain/system-name.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import { summarizeGroup } from './summarize-group.js';

/** Longest text of one value, in characters. */
const MAX_TEXT_LENGTH = 1000;
/** The same for each event in a group. */
const MAX_GROUPED_TEXT_LENGTH = 300;

export interface NoticeContext {
  /** Name of this host. */
  readonly host: string;
  /** Masks secrets in a text (R24). */
  readonly mask: (text: string) => string;
}

/** A notification as JSON, in one line; a group has a list of its events. Most chats show only `text`. */
export function formatNotice(
  notice: OutgoingNotification | NotificationGroup,
  context: NoticeContext,
): string {
  const { host } = context;
  const value =
    'group' in notice
      ? { ...toFields(summarizeGroup(notice), host), ...listOf(notice, context) }
      : toFields(notice, host);
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? clean(part, context) : part,
  );
}

/**
 * The same as environment variables of a command. A name that must not reach a command is not among them (R14): it is
 * only in the JSON, and `MONITOR_PROCESS` is empty.
 */
export function toEnvironment(
  notice: OutgoingNotification | NotificationGroup,
  context: NoticeContext,
): Record<string, string> {
  const told: Told = 'group' in notice ? summarizeGroup(notice) : notice;
  const { event, at, process, message, repeated, dropped, count = 1 } = told;
  const names = ('group' in notice ? notice.group : [notice]).flatMap((one) => one.process?.name ?? []);
  const fit = [...new Set(names)].filter((name) => checkSystemName(name) === undefined);
  return {
    MONITOR_EVENT: event,
    MONITOR_TIME: new Date(at).toISOString(),
    MONITOR_HOST: clean(context.host, context),
    MONITOR_PROCESS: process !== undefined && fit.includes(process.name) ? process.name : '',
    MONITOR_PROCESS_ID: process === undefined ? '' : String(process.id),
    MONITOR_PROCESSES: fit.join(' '),
    MONITOR_MESSAGE: clean(message, context),
    MONITOR_COUNT: String(count),
    MONITOR_REPEATED: String(repeated),
    MONITOR_DROPPED: String(dropped),
  };
}

type Told = Omit<OutgoingNotification, 'event'> & {
  readonly event: OutgoingNotification['event'] | 'several';
  /** Of a group. */
  readonly count?: number;
};

function toFields(notice: Told, host: string) {
  const { event, at, process, details, message, repeated, dropped } = notice;
  const { retryAt, ...more } = details;
  return {
    text: describeNotice(notice, host),
    event,
    time: new Date(at).toISOString(),
    host,
    ...(process && { process: process.name, process_id: process.id }),
    message,
    ...more,
    ...(retryAt === undefined ? {} : { retry_at: new Date(retryAt).toISOString() }),
    repeated,
    dropped,
  };
}

function listOf({ group, more }: NotificationGroup, context: NoticeContext) {
  const events = group.map((notice) => {
    const { text: _, host: __, dropped: ___, ...fields } = toFields(notice, context.host);
    return Object.fromEntries(
      Object.entries(fields).map(([key, part]) => [
        key,
        typeof part === 'string' ? clean(part, context, MAX_GROUPED_TEXT_LENGTH) : part,
      ]),
    );
  });
  return { count: group.length + more, ...(more === 0 ? {} : { more }), events };
}

/** `web01: httpd: circuit breaker closed (repeated 2 times before)`, `web01: 3 events: httpd: …`. */
function describeNotice({ process, message, repeated, dropped, count }: Told, host: string): string {
  const also = [
    repeated > 0 ? `repeated ${repeated} times before` : '',
    dropped > 0 ? `${dropped} others were dropped, see the log` : '',
  ].filter((part) => part !== '');
  const subject = count === undefined ? `${process?.name ?? 'monitor_service'}: ` : '';
  return `${host}: ${subject}${message}${also.length > 0 ? ` (${also.join('; ')})` : ''}`;
}

/** Masked before it is cut: otherwise the beginning of a secret at the cut would stay readable. */
function clean(text: string, { mask }: NoticeContext, maxLength = MAX_TEXT_LENGTH): string {
  const shown = escapeControlCharacters(mask(text));
  return shown.length <= maxLength ? shown : `${shown.slice(0, maxLength - 1)}…`;
}
