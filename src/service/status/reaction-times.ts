import { isOnRequest } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';

/** How many of the latest reaction times are kept. */
const SAMPLE_SIZE = 1000;

/** The time between seeing an alarm and beginning its restart, in ms. */
export class ReactionTimes implements ServiceObserver {
  readonly #seenAt = new Map<number, number>();
  readonly #sample: number[] = [];
  #next = 0;

  /** The median in ms; undefined before the first restart. */
  get medianMs(): number | undefined {
    const sorted = this.#sample.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    // A manual restart or a resume is no reaction to an alarm that was seen just now.
    if (event.type === 'detected' && !isOnRequest(event.alarm) && event.alarm.trigger !== 'resume') {
      this.#seenAt.set(processId, event.alarm.seenAt);
      return;
    }
    if (event.type === 'restart-begun' && event.attempt === 1) this.#add(processId, event.at);
    if (isEnd(event)) this.#seenAt.delete(processId);
  }

  #add(processId: number, at: number): void {
    const seenAt = this.#seenAt.get(processId);
    if (seenAt === undefined) return;
    // A wall clock that was set back would give a negative time.
    this.#sample[this.#next] = Math.max(0, at - seenAt);
    this.#next = (this.#next + 1) % SAMPLE_SIZE;
  }
}

function isEnd({ type }: CycleEvent): boolean {
  return !BEFORE_RESTART.has(type);
}

const BEFORE_RESTART: ReadonlySet<CycleEvent['type']> = new Set([
  'detected',
  'rechecked',
  'pre-restart-started',
  'attempt-started',
]);
