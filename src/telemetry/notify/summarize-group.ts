import type { NotificationGroup, OutgoingNotification } from '../../domain/notification/notification.js';

interface GroupSummary extends Omit<OutgoingNotification, 'event'> {
  /** The event of all of them, or `several`. */
  readonly event: OutgoingNotification['event'] | 'several';
  readonly count: number;
}

/** Longest list in the message, in characters. Events that are left out are counted. */
const MAX_LIST_LENGTH = 800;

/**
 * A group as one notification, with the time of its first event. It has a process only if all events are about that
 * one.
 */
export function summarizeGroup({ group, more, dropped }: NotificationGroup): GroupSummary {
  const [first] = group;
  const { event, process } = first ?? {};
  const count = group.length + more;
  const isOfOne = more === 0 && group.every((other) => other.process?.id === process?.id);
  return {
    event:
      event !== undefined && more === 0 && group.every((other) => other.event === event) ? event : 'several',
    at: first?.at ?? 0,
    ...(process && isOfOne ? { process } : {}),
    message: `${count} events: ${listEvents(group, count)}`,
    details: {},
    repeated: group.reduce((sum, { repeated }) => sum + repeated, 0),
    dropped,
    count,
  };
}

function listEvents(group: readonly OutgoingNotification[], count: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const { process, message } of group) {
    const part = `${process?.name ?? 'monitor_service'}: ${message}`;
    length += part.length + 2;
    if (length > MAX_LIST_LENGTH && parts.length > 0) break;
    parts.push(part);
  }
  const left = count - parts.length;
  return left === 0 ? parts.join('; ') : `${parts.join('; ')}; and ${left} more`;
}
