import { expect, it } from 'vitest';
import { DisplayNames } from '../../../../src/service/table/display-names.js';
import type { LiveDatabase } from '../../../../src/service/table/live-database.js';

/** A database that knows this one name. */
function databaseWith(processId: number, name: string): Pick<LiveDatabase, 'current'> {
  const table = { readNames: async () => new Map([[processId, { name }]]) };
  return { current: { table } } as unknown as Pick<LiveDatabase, 'current'>;
}

it('an event that only has the process_id teaches no name: it is still looked up', async () => {
  const names = new DisplayNames(databaseWith(5, 'alpha'));
  names.onEvent({ type: 'half-opened', processId: 5, processName: names.nameOf(5), at: 0 });
  expect(names.nameOf(5)).toBe('process_id 5');
  await names.lookUp([5]);
  expect(names.nameOf(5)).toBe('alpha');
});

it('R36: a name that is told while it is looked up is not replaced by an older one', async () => {
  const found: string[] = [];
  const names = new DisplayNames(databaseWith(5, 'alpha'), (_, name) => found.push(name));
  const lookingUp = names.lookUp([5]);
  names.learn(5, 'beta');
  await lookingUp;
  expect(names.nameOf(5)).toBe('beta');
  expect(found).toEqual([]);
});
