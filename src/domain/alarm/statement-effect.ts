/** Process_ids, or `any` if they are not known. */
export type ProcessSet = readonly number[] | 'any';

/** What a statement that the binlog shows without its rows may have done to the alarms. */
export interface StatementEffect {
  /** Whose alarm it may have taken away from 1. */
  readonly lowers: ProcessSet;
  /** Whose alarm it may have set to 1. */
  readonly raises: ProcessSet;
}

export const NO_EFFECT: StatementEffect = { lowers: [], raises: [] };

/** Whether the process is one of these; true for `any`. */
export function includesProcess(processes: ProcessSet, processId: number): boolean {
  return processes === 'any' || processes.includes(processId);
}
