import type { HealthVerdict, RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';

/** What was seen of a unit counts as seen now for this time, in ms. */
const FRESH_MS = 100;

/**
 * The verdict of the built-in check on a unit that its own restart has just seen up; undefined if systemd must be asked.
 * Only a run that is watched for `stable_for` is not looked at again: its end fails the attempt at once (R30). Pure.
 */
export function checkSeenRun(
  { settings }: Pick<RestartTarget, 'settings'>,
  { unit, run, seen, isSelfReporting = false }: RestartReport,
  now: number,
): HealthVerdict | undefined {
  const isWatched = run !== undefined && (settings.stableForMs ?? (isSelfReporting ? 0 : 1)) > 0;
  if (!seen || !isWatched || now - seen.at > FRESH_MS) return undefined;
  return { healthy: true, detail: `${unit} is ${seen.state}` };
}
