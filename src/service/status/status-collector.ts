import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { Outcomes } from './last-outcomes.js';
import { Reactions } from './reaction-times.js';
import { RunningCycles } from './running-cycles.js';
import { StreamState } from './stream-state.js';

/** What is written down for the status report alone. */
export class StatusBook implements ServiceObserver {
  readonly stream = new StreamState(Date.now);
  readonly cycles = new RunningCycles(Date.now);
  readonly outcomes = new Outcomes();
  readonly reactions = new Reactions();

  takeEvent(event: CycleEvent): void {
    this.cycles.takeEvent(event);
    this.outcomes.takeEvent(event);
    this.reactions.takeEvent(event);
  }

  takeSignal(signal: StreamSignal): void {
    this.stream.takeSignal(signal);
  }
}
