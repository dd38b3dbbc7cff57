import { LISTED_AT_MOST, type StatusReport } from '../../control/status-report.js';
import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeCycleEvent, describeFailedCycle } from '../../telemetry/messages/describe-cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';

type ProcessOutcome = StatusReport['outcomes'][number];

/** How many outcomes are kept. Anybody who can write to the table can add rows, so the list must be bounded. */
const MAX_OUTCOMES = LISTED_AT_MOST;

/** How the last cycle of each process ended, and the totals. */
export class LastOutcomes implements ServiceObserver {
  readonly #last = new BoundedMap<number, ProcessOutcome>(MAX_OUTCOMES);
  readonly #totals = { verified: 0, healthy: 0, failed: 0, restarts: 0 };

  /** Newest first. */
  get list(): readonly ProcessOutcome[] {
    return [...this.#last.values()].reverse();
  }

  of(processId: number): ProcessOutcome | undefined {
    return this.#last.get(processId);
  }

  /** How many cycles ended how since the start of the service. */
  get totals(): Readonly<Record<'verified' | 'healthy' | 'failed' | 'restarts', number>> {
    return this.#totals;
  }

  onEvent(event: CycleEvent): void {
    if (event.type === 'attempt-started') this.#totals.restarts += 1;
    const outcome = outcomeOf(event);
    if (!outcome) return;
    if (outcome === 'verified' || outcome === 'healthy' || outcome === 'failed') this.#totals[outcome] += 1;
    const { processId, processName, at } = event;
    this.#last.set(processId, {
      processId,
      processName,
      at,
      outcome,
      message: describeOutcome(event),
    });
  }
}

/** Describes the outcome without the alarm: the status report shows the alarms as they are now. */
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
