import type { JobOutcome } from './systemd-client.js';

/** The results of a job (JobRemoved of org.freedesktop.systemd1(5)), for people. */
const REASONS: Readonly<Record<string, string>> = {
  canceled: 'somebody else cancelled it, as systemctl stop does',
  timeout: 'it took longer than its JobTimeoutSec',
  failed: 'the unit failed',
  dependency: 'a unit that it needs has failed',
  skipped: 'it does not apply to the unit as it is',
  invalid: 'it does not apply to this kind of unit',
  assert: 'an Assert… of the unit was not met',
  unsupported: 'this kind of unit is not supported here',
  collected: 'the unit was removed meanwhile',
  once: 'the unit was started once and may not be started again',
};

/** What became of a job, by the result that systemd gives it. */
export function outcomeOfJob(result: string): JobOutcome {
  if (result === 'done') return { outcome: 'done' };
  return { outcome: 'failed', result, reason: REASONS[result] ?? `its result is ${result}` };
}
