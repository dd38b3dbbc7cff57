import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AwaitedRow,
  findAwaited,
  hasOrder,
  isAwaited,
  namesBefore,
  type RestartOrder,
  type RowState,
} from '../../../../src/domain/cycle/restart-order.js';

const ANSWERING: RowState = {
  ...{ processId: 2, processName: 'db' },
  ...{ verdicts: 5, verdictsDue: 1, stands: true, settled: 3 },
};
const HELD: RowState = { ...ANSWERING, verdictsDue: 0 };
const GONE: RowState = { ...HELD, stands: false };
const AFTER: RestartOrder = { after: ['db'] };
const REQUIRES: RestartOrder = { requires: ['db'] };

describe('R35: who is waited for', () => {
  it('nobody where nothing is written', () => {
    expect([hasOrder({}), hasOrder(AFTER), hasOrder(REQUIRES)]).toEqual([false, true, true]);
  });

  it.each<[string, RestartOrder, RowState, boolean]>([
    ['after: a cycle without its verdict', AFTER, ANSWERING, true],
    ['after: an alarm that no cycle answers', AFTER, HELD, false],
    ['requires: a cycle without its verdict', REQUIRES, ANSWERING, true],
    ['requires: an alarm that no cycle answers', REQUIRES, HELD, true],
    ['requires: no alarm', REQUIRES, GONE, false],
    ['requires: a restart that somebody asked for', REQUIRES, { ...ANSWERING, stands: false }, true],
    ['a process that nobody names', { after: ['cache'], requires: ['queue'] }, ANSWERING, false],
    ['one whose name is not known yet', AFTER, { ...ANSWERING, processName: undefined }, true],
    [
      'one whose name is not known and that no cycle looks up',
      REQUIRES,
      { ...HELD, processName: undefined },
      false,
    ],
    ['one without a row in PROCESE', AFTER, { ...ANSWERING, processName: null }, false],
  ])('%s: %#', (_, order, row, isWaitedFor) => {
    expect(findAwaited(order, 1, [row]).length > 0).toBe(isWaitedFor);
  });

  it('never for itself', () => {
    expect(findAwaited(AFTER, 2, [ANSWERING])).toEqual([]);
  });

  const awaited = (order: RestartOrder, row: RowState): AwaitedRow =>
    findAwaited(order, 1, [row])[0] as AwaitedRow;

  it.each<[string, RestartOrder, RowState, RowState | undefined, boolean]>([
    ['after: a failed cycle ends it', AFTER, ANSWERING, { ...HELD, verdicts: 6 }, false],
    [
      'after: the cycle of a later alarm does not prolong it',
      AFTER,
      ANSWERING,
      { ...ANSWERING, verdicts: 6 },
      false,
    ],
    [
      'after: raised during its restart, its first verdict is not enough',
      AFTER,
      { ...ANSWERING, verdictsDue: 2 },
      { ...ANSWERING, verdicts: 6 },
      true,
    ],
    [
      'after: and its second one is',
      AFTER,
      { ...ANSWERING, verdictsDue: 2 },
      { ...ANSWERING, verdicts: 7 },
      false,
    ],
    ['requires: a failed cycle does not end it', REQUIRES, ANSWERING, { ...HELD, verdicts: 6 }, true],
    ['requires: nor does the next one, while it runs', REQUIRES, HELD, ANSWERING, true],
    ['requires: a verified one does', REQUIRES, ANSWERING, { ...GONE, verdicts: 6, settled: 4 }, false],
    [
      'requires: also if its alarm was raised again at once',
      REQUIRES,
      ANSWERING,
      { ...HELD, verdicts: 6, settled: 4 },
      false,
    ],
    ['its alarm is gone and forgotten', REQUIRES, HELD, undefined, false],
    [
      'its name is known now, and is another',
      AFTER,
      { ...ANSWERING, processName: undefined },
      { ...ANSWERING, processName: 'x' },
      false,
    ],
    [
      'its name is known now, and is the one',
      AFTER,
      { ...ANSWERING, processName: undefined },
      ANSWERING,
      true,
    ],
  ])('%s: %#', (_, order, atBegin, now, isWaitedFor) => {
    expect(isAwaited(order, awaited(order, atBegin), now)).toBe(isWaitedFor);
  });

  it('the names that go before some, and before those', () => {
    const byName = new Map<string, RestartOrder>([
      ['app', { after: ['web'], requires: ['db'] }],
      ['web', { after: ['cache', 'db'] }],
      ['cache', { requires: ['disk'] }],
    ]);
    expect(namesBefore(['app', 'x', 'app'], byName)).toEqual(['web', 'db', 'cache', 'disk']);
    expect(namesBefore(['web', 'db'], byName)).toEqual(['cache', 'disk']);
    expect(namesBefore([], byName)).toEqual([]);
  });

  it('an order without a circle: everybody is answered, after those that go before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.record({ name: fc.nat(9), isRequired: fc.boolean() })), {
          minLength: 1,
          maxLength: 10,
        }),
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        fc.infiniteStream(fc.nat()),
        (written, stand, draw) => {
          // Each names only those before it.
          const orders = written.map((named, id): RestartOrder => {
            const before = named.filter(({ name }) => name < id);
            const namesOf = (isRequired: boolean): string[] =>
              before.filter((item) => item.isRequired === isRequired).map(({ name }) => `p${name}`);
            return { after: namesOf(false), requires: namesOf(true) };
          });
          const rows = new Map(
            orders.flatMap((_, id): [number, RowState][] =>
              stand[id] ? [[id, { ...ANSWERING, processId: id, processName: `p${id}` }]] : [],
            ),
          );
          const waits = new Map(
            [...rows.keys()].map((id) => [id, findAwaited(orders[id] ?? {}, id, rows.values())]),
          );
          const done: number[] = [];
          while (waits.size > 0) {
            const free = [...waits].filter(([id, wait]) =>
              wait.every((row) => !isAwaited(orders[id] ?? {}, row, rows.get(row.processId))),
            );
            expect(free).not.toEqual([]);
            const [id] = free[(draw.next().value ?? 0) % free.length] ?? [0];
            waits.delete(id);
            done.push(id);
            rows.set(id, { ...GONE, processId: id, processName: `p${id}`, verdicts: 6, settled: 4 });
          }
          for (const [place, id] of done.entries()) {
            const { after = [], requires = [] } = orders[id] ?? {};
            const later = done.slice(place).map((other) => `p${other}`);
            expect([...after, ...requires].filter((name) => later.includes(name))).toEqual([]);
          }
        },
      ),
    );
  });
});
