import type { StatusReport } from '../../control/status-report.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeCycleEvent, describeFailedCycle } from '../../telemetry/messages/describe-cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';

type ProcessOutcome = StatusReport['outcomes'][number];

/** Rows come and go, and anybody may make up new ones: the memory of them is bounded. */
const MOST_OUTCOMES = 1000;

/** How the last cycle of each process ended, and how many ended how. */
export class LastOutcomes implements ServiceObserver {
  readonly #last = new Map<number, ProcessOutcome>();
  readonly #totals = { verified: 0, healthy: 0, failed: 0, restarts: 0 };

  /** The latest first. */
  get list(): readonly ProcessOutcome[] {
    return [...this.#last.values()].reverse();
  }

  get totals(): Readonly<Record<'verified' | 'healthy' | 'failed' | 'restarts', number>> {
    return this.#totals;
  }

  onEvent(event: CycleEvent): void {
    if (event.type === 'attempt-started') this.#totals.restarts += 1;
    const outcome = outcomeOf(event);
    if (!outcome) return;
    if (outcome === 'verified' || outcome === 'healthy' || outcome === 'failed') this.#totals[outcome] += 1;
    const { processId, processName, at } = event;
    // The latest stands last.
    this.#last.delete(processId);
    this.#last.set(processId, {
      processId,
      processName,
      at,
      outcome,
      message: describeOutcome(event),
    });
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= MOST_OUTCOMES) break;
      this.#last.delete(oldest);
    }
  }
}

/** What becomes of the alarm is shown as it stands now, not as it stood then. */
function describeOutcome(event: CycleEvent): string {
  return event.type === 'exhausted' ? describeFailedCycle(event) : describeCycleEvent(event).message;
}

function outcomeOf(event: CycleEvent): ProcessOutcome['outcome'] | undefined {
  switch (event.type) {
    case 'verified':
    case 'refused':
    case 'withdrawn':
      return event.type;
    case 'exhausted':
    case 'faulted':
      return 'failed';
    case 'rechecked':
      return event.healthy ? 'healthy' : undefined;
    default:
      return undefined;
  }
}
