import type { Alarm, Trigger } from '../alarm/alarm.js';
import { BoundedMap } from '../bounded-map.js';
import { describeOpening } from './circuit-breaker.js';
import type { CycleEvent } from './cycle-event.js';
import type { CycleRecord, CycleVerdict } from './cycle-record.js';
import { describePause } from './pause.js';
import type { RestartReport } from './restart-target.js';

/** Turns the events of cycles, of many processes at once, into one record for each cycle that has ended. */
interface CycleRecorder {
  /** The record of the cycle that this event ends, if it ends one. */
  take(event: CycleEvent): CycleRecord | undefined;
}

/**
 * Creates a recorder. Its memory is bounded by the running cycles and by `MAX_QUIET`. An alarm that is not handled is
 * seen again and again, because a tool keeps raising it or polls find it; only the first time in a row makes a
 * record.
 */
export function createCycleRecorder(): CycleRecorder {
  const running = new Map<number, RunningCycle>();
  const quiet = new BoundedMap<number, QuietEnd>(MAX_QUIET);
  /** What began the last cycle of each process: it opened the breaker that is escalated. */
  const ends = new BoundedMap<number, Trigger>(MAX_QUIET);

  return {
    take(event) {
      if (event.type === 'escalated') return toEscalation(event, ends.get(event.processId));
      follow(running, event);
      const end = endOf(event, running.get(event.processId));
      if (!end) return undefined;
      running.delete(event.processId);
      if (!end.cycle) return undefined;
      ends.set(event.processId, end.cycle.alarm.trigger);
      const { processName } = event;
      const last = quiet.get(event.processId);
      const isRepeated = last?.verdict === end.verdict && last.processName === processName;
      if (IS_QUIET.has(end.verdict)) quiet.set(event.processId, { processName, verdict: end.verdict });
      else quiet.delete(event.processId);
      return isRepeated ? undefined : toRecord(event, end.cycle, end.verdict, end.reason);
    },
  };
}

/** What is known about a cycle before it ends. */
interface RunningCycle {
  readonly alarm: Alarm;
  attempts: number;
  begunAt?: number;
  report?: RestartReport;
}

interface CycleEnd {
  /** Undefined if the cycle does not belong in the history. */
  readonly cycle: RunningCycle | undefined;
  readonly verdict: CycleVerdict;
  readonly reason?: string;
}

interface QuietEnd {
  readonly processName: string;
  readonly verdict: CycleVerdict;
}

const IS_QUIET: ReadonlySet<CycleVerdict> = new Set<CycleVerdict>(['refused', 'paused', 'breaker-open']);
const MAX_QUIET = 1000;

function follow(running: Map<number, RunningCycle>, event: CycleEvent): void {
  const { processId } = event;
  const cycle = running.get(processId);
  switch (event.type) {
    case 'detected':
      running.set(processId, { alarm: event.alarm, attempts: 0 });
      return;
    case 'excluded':
    case 'postponed':
      running.delete(processId);
      return;
    case 'rechecked':
      // The follow-up of an alarm that a poll found raised begins without another event.
      if (!cycle) running.set(processId, { alarm: event.alarm, attempts: 0 });
      return;
    case 'attempt-started':
      if (!cycle) return;
      cycle.attempts = event.attempt;
      return;
    case 'restart-begun':
      if (cycle) cycle.begunAt ??= event.at;
      return;
    case 'restarted':
      if (cycle) cycle.report = event.report;
      return;
    default:
  }
}

function endOf(event: CycleEvent, cycle: RunningCycle | undefined): CycleEnd | undefined {
  switch (event.type) {
    case 'verified':
      return { cycle, verdict: 'restarted' };
    case 'exhausted':
      return { cycle, verdict: 'failed', reason: `${event.step}: ${event.reason}` };
    case 'rechecked':
      // If no raise is certain, the check was a precaution of the cycle before.
      if (event.healthy)
        return { cycle: event.alarm.raised || event.isRestarted ? cycle : undefined, verdict: 'healthy' };
      return undefined;
    case 'withdrawn':
      return { cycle, verdict: 'withdrawn' };
    case 'refused':
      return { cycle: { alarm: event.alarm, attempts: 0 }, verdict: 'refused', reason: event.reason };
    case 'paused':
      return {
        cycle: { alarm: event.alarm, attempts: 0 },
        verdict: 'paused',
        reason: describePause(event.pause),
      };
    case 'skipped-open':
      return { cycle, verdict: 'breaker-open' };
    case 'flapping':
      return { cycle, verdict: 'breaker-open', reason: describeOpening(0, event) };
    case 'faulted':
      return { cycle, verdict: 'broken-off', reason: event.reason };
    default:
      return undefined;
  }
}

function toRecord(
  { processId, processName, at }: CycleEvent,
  { alarm, attempts, begunAt, report }: RunningCycle,
  verdict: CycleVerdict,
  reason: string | undefined,
): CycleRecord {
  // The wall clock may have been set back.
  const sinceSeen = (time: number): number => Math.max(0, time - alarm.seenAt);
  return {
    processId,
    processName,
    trigger: alarm.trigger,
    ...(alarm.by === undefined ? {} : { by: alarm.by }),
    seenAt: alarm.seenAt,
    ...(begunAt === undefined ? {} : { reactionMs: sinceSeen(begunAt) }),
    durationMs: sinceSeen(at),
    attempts,
    ...(report === undefined ? {} : { strategy: report.strategy }),
    ...(report?.unit === undefined ? {} : { unit: report.unit }),
    verdict,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Seen is when the command began; its cycle has a record of its own. */
function toEscalation(
  { processId, processName, at, tookMs, reason }: Extract<CycleEvent, { type: 'escalated' }>,
  trigger: Trigger = 'poll',
): CycleRecord {
  return {
    ...{ processId, processName, trigger, seenAt: at - tookMs, durationMs: tookMs, attempts: 0 },
    verdict: 'escalated',
    ...(reason === undefined ? {} : { reason }),
  };
}
