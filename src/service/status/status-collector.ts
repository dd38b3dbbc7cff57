import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { LastOutcomes } from './last-outcomes.js';
import { ReactionTimes } from './reaction-times.js';
import { RunningCycles } from './running-cycles.js';

/** What only the status report needs: running cycles, outcomes and reaction times. */
export class StatusCollector implements ServiceObserver {
  readonly cycles = new RunningCycles(Date.now);
  readonly outcomes = new LastOutcomes();
  readonly reactions = new ReactionTimes();

  onEvent(event: CycleEvent): void {
    this.cycles.onEvent(event);
    this.outcomes.onEvent(event);
    this.reactions.onEvent(event);
  }

  onCycleBegin(alarm: Alarm, beginsWithCheck: boolean): void {
    this.cycles.onCycleBegin(alarm, beginsWithCheck);
  }

  onCycleEnd(processId: number): void {
    this.cycles.onCycleEnd(processId);
  }
}
