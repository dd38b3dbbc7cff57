import type { ProcessSettings } from './process-settings.js';

/** The processes whose alarms are handled before those of a process (R35). Names are those of PROCESE. */
export type RestartOrder = Pick<ProcessSettings, 'after' | 'requires'>;

/** What is known of one row: its cycle runs, or its alarm is raised without a cycle. */
export interface RowState {
  readonly processId: number;
  /** Undefined until it has been looked up; null: PROCESE has no row for it. */
  readonly processName: string | null | undefined;
  /** How many verdicts its cycles have given. */
  readonly verdicts: number;
  /**
   * How many verdicts are still to come for its alarm: 0 if no cycle handles it; 2 if it was raised again during its
   * restart.
   */
  readonly verdictsDue: number;
  /** Whether its alarm is raised and no cycle has verified the process since. */
  readonly stands: boolean;
  /** How often its process was verified, or its alarm was found gone. */
  readonly settled: number;
}

/** A row that a cycle waits for, as it was when the wait began: nobody waits for an alarm that comes later. */
export interface AwaitedRow {
  readonly processId: number;
  readonly untilVerdict: number;
  readonly untilSettled: number;
}

/** Whether any other process goes before one with these settings. */
export function hasOrder({ after, requires }: RestartOrder): boolean {
  return after !== undefined || requires !== undefined;
}

/** The names of all processes that go before one of these, and before those, without these. */
export function namesBefore(
  names: readonly string[],
  byName: ReadonlyMap<string, RestartOrder>,
): readonly string[] {
  const all = new Set(names);
  for (const name of all) {
    const { after = [], requires = [] } = byName.get(name) ?? {};
    for (const before of [...after, ...requires]) all.add(before);
  }
  return [...all].slice(new Set(names).size);
}

/** The rows that the cycle of `processId` must wait for, among those that are known at its begin (R35). */
export function findAwaited(
  order: RestartOrder,
  processId: number,
  rows: Iterable<RowState>,
): readonly AwaitedRow[] {
  const awaited: AwaitedRow[] = [];
  for (const row of rows) {
    if (row.processId === processId) continue;
    const found = {
      processId: row.processId,
      untilVerdict: row.verdicts + row.verdictsDue,
      untilSettled: row.settled + 1,
    };
    if (isAwaited(order, found, row)) awaited.push(found);
  }
  return awaited;
}

/**
 * Whether the cycle still waits for this row. `after`: until the row's cycle has given its verdict. `requires`: until the
 * process is verified or the alarm is gone. A row whose name is not known yet may be one of them.
 */
export function isAwaited(order: RestartOrder, awaited: AwaitedRow, row: RowState | undefined): boolean {
  if (!row) return false;
  const isAnswering = row.verdictsDue > 0 && row.verdicts < awaited.untilVerdict;
  const { processName: name } = row;
  if (name === undefined) return isAnswering;
  if (name === null) return false;
  if (order.requires?.includes(name))
    return isAnswering || (row.stands && row.settled < awaited.untilSettled);
  return order.after?.includes(name) === true && isAnswering;
}
