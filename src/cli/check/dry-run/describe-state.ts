import type { Config } from '../../../config/config.js';
import {
  type Breaker,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  refreshSaved,
} from '../../../domain/cycle/circuit-breaker.js';
import { activePauseOf, describePause } from '../../../domain/cycle/pause.js';
import { formatLocalTime } from '../../../domain/local-time.js';
import { inspectStateFile } from '../../../state/inspect-state-file.js';

/** Whether the pauses and breakers in the state file allow a cycle now (R9, R11). */
interface StateDescription {
  readonly mayRun: boolean;
  readonly pause: string;
  readonly breaker: string;
}

export async function describeState(
  name: string,
  processId: number | undefined,
  { monitor }: Config,
): Promise<StateDescription> {
  const now = Date.now();
  const { state: saved, problem, isMissing } = await inspectStateFile(monitor.stateFile);
  if (problem !== undefined && !isMissing) {
    const text = `unknown: ${problem}`;
    return { mayRun: true, pause: text, breaker: text };
  }
  const pause = activePauseOf(saved.pauses, name, now);
  const breaker =
    processId === undefined
      ? { mayRun: true, text: 'unknown without its process_id' }
      : describeBreaker(saved.breakers.get(processId) ?? INITIAL_BREAKER, now, monitor);
  return {
    mayRun: !pause && breaker.mayRun,
    pause: pause
      ? `${describePause(pause)}; nothing is restarted, the next steps come after the pause`
      : 'none',
    breaker: breaker.text,
  };
}

function describeBreaker(
  saved: Breaker,
  now: number,
  { maxRestartFailures, circuitResetTimeMs }: Config['monitor'],
): { mayRun: boolean; text: string } {
  const limits = { maxFailures: maxRestartFailures, resetTimeMs: circuitResetTimeMs };
  const breaker = refreshSaved(now, saved, limits);
  const failures = `${breaker.failures} of ${limits.maxFailures} failed cycles in a row`;
  if (breaker.state === 'closed') return { mayRun: true, text: `closed, ${failures}` };
  if (breaker.state === 'half-open')
    return { mayRun: true, text: `half-open, ${failures}: exactly one cycle may run` };
  const until = formatLocalTime(now + msUntilHalfOpen(breaker, now, limits));
  return {
    mayRun: false,
    text: `open, ${failures}: nothing is restarted until ${until}, the next steps come then`,
  };
}
