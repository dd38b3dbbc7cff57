import type { Admission } from '../domain/cycle/admission.js';

/** Why an alarm gets no restart, if its name alone decides that. */
export type HeldBy = 'refused' | 'excluded' | 'paused';

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
