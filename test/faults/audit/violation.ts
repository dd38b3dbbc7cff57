/** What must never happen; docs/fault-lab.md says exactly when each of them is met. */
export type ViolationKind =
  | 'lost'
  | 'left waiting'
  | 'cleared unanswered'
  | 'overlapping restarts'
  | 'restart without an alarm'
  | 'alarm without a cause'
  | 'restarted again although verified'
  | 'more at once than allowed'
  | 'restart while its breaker was open'
  | 'wrong name'
  | 'left behind'
  | 'history is wrong';

export const VIOLATION_KINDS: readonly ViolationKind[] = [
  'lost',
  'left waiting',
  'cleared unanswered',
  'overlapping restarts',
  'restart without an alarm',
  'alarm without a cause',
  'restarted again although verified',
  'more at once than allowed',
  'restart while its breaker was open',
  'wrong name',
  'left behind',
  'history is wrong',
];

export interface Violation {
  readonly kind: ViolationKind;
  /** Absent where it is about no process of the table. */
  readonly processId?: number;
  /** Ms since the epoch. */
  readonly at: number;
  readonly text: string;
}
