import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';

/** So many of the latest are kept. */
const SAMPLE_SIZE = 1000;

/** How long it took from seeing an alarm until its restart really began, ms. */
export class ReactionTimes implements ServiceObserver {
  readonly #seenAt = new Map<number, number>();
  readonly #sample: number[] = [];
  #next = 0;

  /** Undefined before the first. */
  get medianMs(): number | undefined {
    const sorted = this.#sample.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    // Who asks for a restart, or resumes, has not been waiting for us to see an alarm.
    if (event.type === 'detected' && event.alarm.trigger !== 'manual' && event.alarm.trigger !== 'resume') {
      this.#seenAt.set(processId, event.alarm.seenAt);
      return;
    }
    if (event.type === 'restart-begun' && event.attempt === 1) this.#add(processId, event.at);
    if (isEnd(event)) this.#seenAt.delete(processId);
  }

  #add(processId: number, at: number): void {
    const seenAt = this.#seenAt.get(processId);
    if (seenAt === undefined) return;
    // The wall clock may have been set back.
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
