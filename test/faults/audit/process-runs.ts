import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';
import type { Evidence } from './evidence.js';
import { groupBy } from './group-by.js';

/** The runs of each process, in the order in which they began; by process_id. */
export function runsByProcess({
  members,
  runs,
}: Pick<Evidence, 'members' | 'runs'>): ReadonlyMap<number, readonly Run[]> {
  const byName = groupBy(runs, ({ name }) => name);
  return new Map(
    members.map(({ id, name }: Member) => [
      id,
      (byName.get(name) ?? []).toSorted((a, b) => a.begin - b.begin),
    ]),
  );
}

/** A check that found the process healthy. */
export function isHealthy({ what, exitCode, end }: Run): boolean {
  return what === 'check' && exitCode === 0 && end !== undefined;
}

/** A command that failed, was given up, or did not end. */
export function isBad({ exitCode }: Run): boolean {
  return exitCode !== 0;
}
