/** How a process of the lab lives. */
export type Role =
  /** Raised all the time. */
  | 'busy'
  /** Raised now and then, so that one of its alarms cannot be taken for the answer to another. */
  | 'quiet'
  /** Never in alarm once a transaction is over: whatever restarts it is wrong. */
  | 'never'
  /** Cannot be restarted: its alarms stay raised, with the reason in the row. */
  | 'dead'
  /** Has a name that must reach no command (R14). */
  | 'refused'
  /** Its row in PROCESE comes and goes with the alarm. */
  | 'fresh';

export interface Member {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

const COUNTS: Readonly<Record<Role, number>> = {
  busy: 12,
  quiet: 16,
  never: 4,
  dead: 2,
  refused: 1,
  fresh: 4,
};

/** The processes of the lab; their numbers are their place in the list. */
export const MEMBERS: readonly Member[] = Object.entries(COUNTS)
  .flatMap(([role, count]) => Array.from({ length: count }, (_, index) => ({ role: role as Role, index })))
  .map(({ role, index }, place) => ({
    id: place + 1,
    name: role === 'refused' ? 'x; touch /tmp/never' : `${role}${index + 1}`,
    role,
  }));

export function membersOf(...roles: readonly Role[]): readonly Member[] {
  return MEMBERS.filter(({ role }) => roles.includes(role));
}

export function nameOf(processId: number): string {
  return MEMBERS.find(({ id }) => id === processId)?.name ?? `process_id ${processId}`;
}
