import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ListedProcesses } from '../../../../src/service/web/listed-processes.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Parts = ConstructorParameters<typeof ListedProcesses>[0];

/** A database whose queries take as long as the test wants. */
function open() {
  const queries: { readonly end: (problem?: string) => void }[] = [];
  let running = 0;
  let most = 0;
  const use = (): Promise<unknown> => {
    running += 1;
    most = Math.max(most, running);
    return new Promise((resolve, reject) => {
      const end = (problem?: string): void => {
        running -= 1;
        if (problem !== undefined) reject(new Error(problem));
        else resolve({ processes: [], isCut: false });
      };
      queries.push({ end });
    });
  };
  const parts = {
    settings: { current: DEFAULT_CONFIG },
    database: { current: { database: { use } } },
    table: { list: () => [], names: { nameOf: String } },
    state: { breakers: { snapshot: () => new Map() } },
    status: { cycles: { list: [] }, outcomes: { list: [] } },
  };
  return { list: new ListedProcesses(parts as unknown as Parts), queries, most: () => most };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it('R13: however many look, one query of the page runs at once: the clears need the other connections', async () => {
  const { list, queries, most } = open();
  const asked = [list.read(), ...[1, 2, 3, 1, 2, 3].map((id) => list.one(id))];
  for (let ended = 0; ended < 4; ended += 1) {
    await settle();
    expect(queries).toHaveLength(ended + 1);
    queries[ended]?.end();
  }
  await Promise.all(asked);
  expect([queries.length, most()]).toEqual([4, 1]);
});

it('a query that hangs is waited for by the next one, although nobody waits for its answer any more', async () => {
  const { list, queries, most } = open();
  const first = list.read();
  const detail = list.one(1);
  void detail.catch(() => {});
  await vi.advanceTimersByTimeAsync(4000);
  // Whatever its age, it is shared.
  expect(list.read()).toBe(first);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await first).toMatchObject({ isCut: true, problem: 'no answer within 5 s' });
  await expect(detail).rejects.toThrow('no answer within 5 s');
  const second = list.read();
  await settle();
  expect(queries).toHaveLength(1);
  queries[0]?.end();
  await settle();
  // Nobody waits for the process any more, so it is not asked for.
  expect([queries.length, most()]).toEqual([2, 1]);
  queries[1]?.end();
  expect(await second).toEqual({ rows: [], isCut: false });
});

it('after a write the database is asked again, also if a reading is under way', async () => {
  const { list, queries } = open();
  const before = list.read();
  list.expire();
  const after = list.read();
  expect(after).not.toBe(before);
  await settle();
  queries[0]?.end();
  await before;
  await settle();
  queries[1]?.end();
  await after;
  expect(list.read()).toBe(after);
  expect(queries).toHaveLength(2);
});
