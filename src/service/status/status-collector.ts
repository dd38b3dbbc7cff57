import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { LastOutcomes } from './last-outcomes.js';
import { ReactionTimes } from './reaction-times.js';
import { RunningCycles } from './running-cycles.js';
import { StreamState } from './stream-state.js';

/** What is written down for the status report alone. */
export class StatusCollector implements ServiceObserver {
  readonly stream = new StreamState(Date.now);
  readonly cycles = new RunningCycles(Date.now);
  readonly outcomes = new LastOutcomes();
  readonly reactions = new ReactionTimes();

  onEvent(event: CycleEvent): void {
    this.cycles.onEvent(event);
    this.outcomes.onEvent(event);
    this.reactions.onEvent(event);
  }

  onSignal(signal: StreamSignal): void {
    this.stream.onSignal(signal);
  }
}
