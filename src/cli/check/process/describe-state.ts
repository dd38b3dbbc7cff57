import { breakerLimits } from '../../../config/breaker-limits.js';
import type { Config } from '../../../config/config.js';
import { systemNameOf } from '../../../domain/cycle/admission.js';
import {
  type Breaker,
  type BreakerLimits,
  describeOpening,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  refreshSaved,
  withinWindow,
} from '../../../domain/cycle/circuit-breaker.js';
import { activePauseOf, describePause, type Pause } from '../../../domain/cycle/pause.js';
import { formatLocalTime } from '../../../domain/local-time.js';
import { normalizeUnitName } from '../../../domain/system-name.js';
import { inspectStateFile } from '../../../state/inspect-state-file.js';
import { MaintenanceCalendar } from '../../../state/maintenance-calendar.js';
import type { SavedState } from '../../../state/saved-state.js';

/** Whether the pauses and breakers in the state file allow a cycle now (R9, R11). */
interface StateDescription {
  readonly mayRun: boolean;
  readonly pause: string;
  readonly breaker: string;
}

/**
 * Says of the process what the state file and the clock say now. `processId`: undefined if it is not known; its breaker is
 * unknown then. Never rejects.
 */
export async function describeState(
  name: string,
  processId: number | undefined,
  { monitor, processes, maintenance }: Config,
): Promise<StateDescription> {
  const now = Date.now();
  const systemName = normalizeUnitName(systemNameOf(name, processes));
  const { state: saved, problem, isMissing } = await inspectStateFile(monitor.stateFile);
  const byClock = new MaintenanceCalendar(maintenance).pausesAt(now, saved.endedRuns);
  const pause = activePauseOf([...saved.pauses, ...byClock], name, now, processId);
  if (problem !== undefined && !isMissing) {
    const text = `unknown: ${problem}`;
    return { mayRun: !pause, pause: pause ? describeHold(pause) : text, breaker: text };
  }
  const breaker =
    processId === undefined
      ? { mayRun: true, text: 'unknown without its process_id' }
      : describeBreaker(
          breakerOf(saved, processId, name),
          saved.restarts.get(systemName) ?? [],
          now,
          breakerLimits({ monitor }),
        );
  return {
    mayRun: !pause && breaker.mayRun,
    pause: pause ? describeHold(pause) : 'none',
    breaker: breaker.text,
  };
}

function describeHold(pause: Pause): string {
  return `${describePause(pause)}; nothing is restarted, the next steps follow after the pause`;
}

/** Its breaker in the state file, unless that was kept for another process with this process_id. */
function breakerOf({ breakers, names }: SavedState, processId: number, name: string): Breaker {
  const isOfAnother = (names.get(processId) ?? name) !== name;
  return (isOfAnother ? undefined : breakers.get(processId)) ?? INITIAL_BREAKER;
}

function describeBreaker(
  saved: Breaker,
  restarts: readonly number[],
  now: number,
  limits: BreakerLimits,
): { mayRun: boolean; text: string } {
  const breaker = refreshSaved(now, saved, limits);
  const failures = `${breaker.failures} of ${limits.maxFailures} failed cycles in a row`;
  if (breaker.state === 'closed') {
    const recent = withinWindow(restarts, now, limits).length;
    if (limits.maxRestarts === 0) return { mayRun: true, text: `closed, ${failures}` };
    const used = `${recent} of ${limits.maxRestarts} restarts used within restart_window`;
    const mayRun = recent < limits.maxRestarts;
    return { mayRun, text: `closed, ${failures}; ${used}${mayRun ? '' : ': it would open now'}` };
  }
  if (breaker.state === 'half-open')
    return { mayRun: true, text: `half-open, ${failures}: exactly one cycle may run` };
  const why = breaker.flapping ? describeOpening(breaker.failures, breaker.flapping) : failures;
  const until = formatLocalTime(now + msUntilHalfOpen(breaker, now, limits));
  return {
    mayRun: false,
    text: `open, ${why}: nothing is restarted until ${until}, the next steps follow then`,
  };
}
