/**
 * Why what looks like a violation is none. Each use is counted in the table of the run, so that nothing can hide behind
 * them unseen; docs/fault-lab.md says when exactly each of them is met.
 */
export type ExcuseKind = (typeof EXCUSE_KINDS)[number];

export const EXCUSE_KINDS = [
  'checked after the clear that overwrote it',
  'checked after the clear and an end of the service',
  'stands, refused, with an older note',
  'alarm taken back just before the restart',
  'alarm taken back, the service could not hear',
  'own clear, the service was interrupted',
  'restart by a bad check after the alarm',
  'alarm put back after another had come and gone',
  'end of the alarm was never confirmed',
  'verified at the deadline of its attempt',
  'verified, the service ended before it knew',
  'verified, killed before it was written',
  'verified, stood still when the check ended',
] as const;

export interface Excuse {
  readonly kind: ExcuseKind;
  readonly processId: number;
  /** Ms since the epoch. */
  readonly at: number;
}

/** A violation, or what excuses it; undefined: it is as it should be. */
export type Finding = ExcuseKind | 'violation' | undefined;
