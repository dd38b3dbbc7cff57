import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Listing } from '../../../../src/service/web/listed-processes.js';
import { ProcessPages } from '../../../../src/service/web/process-page.js';
import { PROCESSES_QUERY } from '../../../../src/web/contract/processes.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(count: number) {
  let judged = 0;
  const listing = (): Listing => ({
    rows: Array.from({ length: count }, (_, index) => ({
      ...{ processId: index, processName: `P${String(count - index).padStart(5, '0')}` },
      isRaised: index % 2 === 1,
    })),
    isCut: false,
  });
  let current = listing();
  const pages = new ProcessPages({
    list: { read: async () => current },
    rows: {
      stateOf: ({ isRaised }) => {
        judged += 1;
        return isRaised ? 'alarm' : 'normal';
      },
      isRaised: (_, is) => is,
      build: (rows) =>
        rows.map(({ processId, processName }) => ({ processId, processName, state: 'normal' })),
    },
    past: { load: async () => {} },
  });
  const read = async (query: object) => {
    const page = await pages.read(PROCESSES_QUERY.parse(query), 'public');
    return { ...page, rows: page.rows.map(({ processName }) => processName) };
  };
  const readAgain = (): void => {
    current = listing();
  };
  return { read, judged: () => judged, readAgain };
}

it('R13: the states of all processes are judged once for all who ask within 200 ms, whatever they ask', async () => {
  const { read, judged, readAgain } = open(1000);
  for (let asked = 0; asked < 50; asked += 1) {
    await read({ limit: 200, offset: asked });
    await read({ search: String(asked), sort: 'name', state: 'alarm' });
  }
  expect(judged()).toBe(1000);
  vi.advanceTimersByTime(201);
  await read({});
  expect(judged()).toBe(2000);
  // What was written is seen at once.
  readAgain();
  await read({});
  expect(judged()).toBe(3000);
});

it('sorts by what needs somebody and by name, and counts what each filter has', async () => {
  const { read } = open(4);
  expect(await read({ sort: 'name' })).toMatchObject({ rows: ['P00001', 'P00002', 'P00003', 'P00004'] });
  expect(await read({})).toMatchObject({
    ...{ rows: ['P00001', 'P00003', 'P00002', 'P00004'], total: 4, matching: 4 },
    counts: { all: 4, alarm: 2, trouble: 2, paused: 0 },
  });
  expect(await read({ search: 'p00003', state: 'alarm' })).toMatchObject({ rows: ['P00003'], matching: 1 });
});
