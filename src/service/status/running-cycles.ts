import type { CycleStepName, StatusReport } from '../../control/status-report.js';
import { type Alarm, displayName } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServiceObserver } from '../shared/observer-list.js';

type RunningCycle = StatusReport['cycles'][number];

/** The running cycles and the step that each is in. */
export class RunningCycles implements ServiceObserver {
  /** Entries are changed in place: in a storm thousands of cycles wait, and a copy for each event would cost memory. */
  readonly #cycles = new Map<number, Changing<RunningCycle>>();

  constructor(private readonly now: () => number) {}

  /** The oldest first. */
  get list(): readonly RunningCycle[] {
    return [...this.#cycles.values()].map((cycle) => ({ ...cycle }));
  }

  /** The running cycle of this process. */
  of(processId: number): RunningCycle | undefined {
    const cycle = this.#cycles.get(processId);
    return cycle && { ...cycle };
  }

  onCycleBegin({ processId, processName, trigger }: Alarm, beginsWithCheck: boolean): void {
    this.#cycles.set(processId, {
      processId,
      processName: displayName(processId, processName),
      trigger,
      since: this.now(),
      step: processName === undefined ? 'looking-up' : beginsWithCheck ? 'checking' : 'waiting',
    });
  }

  onCycleEnd(processId: number): void {
    this.#cycles.delete(processId);
  }

  onEvent(event: CycleEvent): void {
    const cycle = this.#cycles.get(event.processId);
    if (!cycle) return;
    if (cycle.problem !== undefined) delete cycle.problem;
    if (cycle.waitsFor !== undefined) delete cycle.waitsFor;
    Object.assign(cycle, { processName: event.processName, ...describeChange(event, cycle) });
  }
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

function describeChange(event: CycleEvent, { step }: RunningCycle): Partial<RunningCycle> {
  switch (event.type) {
    case 'detected':
      return { step: step === 'checking' ? step : 'waiting' };
    case 'waiting':
      return { step: 'waiting', waitsFor: [...event.waitsFor] };
    case 'pre-restart-started':
      return { step: 'pre-restart' };
    case 'attempt-started': {
      const { attempt, maxAttempts } = event;
      return { step: 'restarting', attempt, maxAttempts };
    }
    case 'attempt-failed':
      return { step: 'pausing' };
    case 'write-failed':
      return { step: 'writing', problem: event.reason };
    default: {
      const next = NEXT_STEP[event.type];
      return next === undefined ? {} : { step: next };
    }
  }
}

const NEXT_STEP: Partial<Record<CycleEvent['type'], CycleStepName>> = {
  rechecked: 'waiting',
  restarted: 'verifying',
  verified: 'writing',
  exhausted: 'writing',
  refused: 'writing',
  paused: 'writing',
};
