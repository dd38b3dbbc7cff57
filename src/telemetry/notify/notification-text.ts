import type { OutgoingNotification } from '../../domain/notification/notification.js';
import { checkSystemName } from '../../domain/system-name.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';

/** Longest text of one value, in characters. */
const MAX_TEXT_LENGTH = 1000;

export interface NoticeContext {
  /** Name of this host. */
  readonly host: string;
  /** Masks secrets in a text (R24). */
  readonly mask: (text: string) => string;
}

/** A notification as JSON, in one line. Most chats show only `text`. */
export function formatNotice(notice: OutgoingNotification, context: NoticeContext): string {
  const { event, at, process, details, repeated, dropped } = notice;
  const { retryAt, ...more } = details;
  const value = {
    text: describeNotice(notice, context),
    event,
    time: new Date(at).toISOString(),
    host: context.host,
    ...(process && { process: process.name, process_id: process.id }),
    message: notice.message,
    ...more,
    ...(retryAt === undefined ? {} : { retry_at: new Date(retryAt).toISOString() }),
    repeated,
    dropped,
  };
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? clean(part, context) : part,
  );
}

/**
 * The same as environment variables of a command. A name that must not reach a command is not among them (R14): it is
 * only in the JSON, and `MONITOR_PROCESS` is empty.
 */
export function toEnvironment(notice: OutgoingNotification, context: NoticeContext): Record<string, string> {
  const { event, at, process, message, repeated, dropped } = notice;
  const isFit = process !== undefined && checkSystemName(process.name) === undefined;
  return {
    MONITOR_EVENT: event,
    MONITOR_TIME: new Date(at).toISOString(),
    MONITOR_HOST: clean(context.host, context),
    MONITOR_PROCESS: isFit ? process.name : '',
    MONITOR_PROCESS_ID: process === undefined ? '' : String(process.id),
    MONITOR_MESSAGE: clean(message, context),
    MONITOR_REPEATED: String(repeated),
    MONITOR_DROPPED: String(dropped),
  };
}

/** `web01: httpd: circuit breaker closed (repeated 2 times before)`. */
function describeNotice(
  { process, message, repeated, dropped }: OutgoingNotification,
  { host }: NoticeContext,
): string {
  const also = [
    repeated > 0 ? `repeated ${repeated} times before` : '',
    dropped > 0 ? `${dropped} others were dropped, see the log` : '',
  ].filter((part) => part !== '');
  const subject = process === undefined ? 'monitor_service' : process.name;
  return `${host}: ${subject}: ${message}${also.length > 0 ? ` (${also.join('; ')})` : ''}`;
}

/** Masked before it is cut: otherwise the beginning of a secret at the cut would stay readable. */
function clean(text: string, { mask }: NoticeContext): string {
  const shown = escapeControlCharacters(mask(text));
  return shown.length <= MAX_TEXT_LENGTH ? shown : `${shown.slice(0, MAX_TEXT_LENGTH - 1)}…`;
}
