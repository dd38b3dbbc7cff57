import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeCycleEvent } from '../../telemetry/messages/describe-cycle-event.js';
import type { ProcessDetail } from '../../web/contract/processes.js';

const MOST_PROCESSES = 100;
const MOST_EVENTS = 60;

/**
 * The last events of the processes that had some last: attempts, notes, and the output of commands that failed. They are kept
 * as they are, and described only for somebody who looks.
 */
export class RecentEvents {
  readonly #events = new BoundedMap<number, CycleEvent[]>(MOST_PROCESSES);

  onEvent(event: CycleEvent): void {
    const events = this.#events.get(event.processId) ?? [];
    events.push(event);
    if (events.length > MOST_EVENTS) events.shift();
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
