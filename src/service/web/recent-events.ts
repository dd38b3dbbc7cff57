import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeCycleEvent } from '../../telemetry/messages/describe-cycle-event.js';
import type { ProcessDetail } from '../../web/contract/processes.js';

const MAX_PROCESSES = 100;
const MAX_EVENTS = 60;

/** Characters of a note of the table, which may have 64 KB, and of the output of a command. Nobody reads more. */
const MAX_NOTES_LENGTH = 300;
const MAX_REASON_LENGTH = 2000;

/**
 * The last events of the processes that had some last: attempts, notes, and the output of commands that failed. They
 * are kept without what is not shown, and described only for somebody who looks.
 */
export class RecentEvents {
  readonly #events = new BoundedMap<number, CycleEvent[]>(MAX_PROCESSES);

  onEvent(event: CycleEvent): void {
    const events = this.#events.get(event.processId) ?? [];
    events.push(withoutRest(event));
    if (events.length > MAX_EVENTS) events.shift();
    this.#events.set(event.processId, events);
  }

  /** The oldest first. */
  of(processId: number): ProcessDetail['events'] {
    return (this.#events.get(processId) ?? []).map((event) => {
      const { level, message, fields } = describeCycleEvent(event);
      const notes = typeof fields?.notes === 'string' ? `: ${fields.notes}` : '';
      return { at: event.at, type: event.type, level, message: `${message}${notes}` };
    });
  }
}

/** The event without what is not shown of it. */
function withoutRest(event: CycleEvent): CycleEvent {
  const kept = { ...event, processName: '' };
  if ('alarm' in kept) {
    const { notes } = kept.alarm;
    const alarm = {
      ...kept.alarm,
      processName: null,
      notes: notes === null ? null : cut(notes, MAX_NOTES_LENGTH),
    };
    return { ...kept, alarm };
  }
  if ('reason' in kept && kept.reason !== undefined)
    return { ...kept, reason: cut(kept.reason, MAX_REASON_LENGTH) };
  return kept;
}

/** A real copy: a slice keeps the whole string in memory. */
function cut(text: string, most: number): string {
  return text.length > most
    ? `${Buffer.from(text.slice(0, most - 1), 'utf16le').toString('utf16le')}…`
    : text;
}
