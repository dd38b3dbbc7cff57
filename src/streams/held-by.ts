import type { Admission } from '../domain/cycle/admission.js';
import type { HeldBy } from './suppressed-alarms.js';

/** Why an alarm of this name gets no restart now; undefined if its cycle must decide. Null: PROCESE has no row for it. */
export function heldBy(
  processName: string | null,
  processId: number,
  admit: (processName: string) => Admission,
  isPaused: (processName: string, processId: number) => boolean,
): HeldBy | undefined {
  if (processName === null) return 'refused';
  const { kind } = admit(processName);
  if (kind !== 'accepted') return kind;
  return isPaused(processName, processId) ? 'paused' : undefined;
}
