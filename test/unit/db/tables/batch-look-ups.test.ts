import { describe, expect, it } from 'vitest';
import { batchLookUps } from '../../../../src/db/tables/batch-look-ups.js';

describe('R3: look-ups of names', () => {
  it('those of one moment become one query', async () => {
    const { lookUp, queries } = recordedLookUps();
    expect(await Promise.all([lookUp(1), lookUp(2), lookUp(1), lookUp(404)])).toEqual([
      'n1',
      'n2',
      'n1',
      undefined,
    ]);
    expect(queries).toEqual([[1, 2, 404]]);
  });

  it('a later one asks again: the row may be visible by then', async () => {
    const { lookUp, queries } = recordedLookUps();
    await lookUp(1);
    await lookUp(1);
    expect(queries).toEqual([[1], [1]]);
  });

  it('one that comes while a query runs gets a query of its own', async () => {
    let answer: (found: ReadonlyMap<number, string>) => void = () => {};
    const queries: (readonly number[])[] = [];
    const lookUp = batchLookUps((ids) => {
      queries.push(ids);
      return queries.length > 1
        ? Promise.resolve(new Map([[1, 'new']]))
        : new Promise<ReadonlyMap<number, string>>((resolve) => {
            answer = resolve;
          });
    });
    const first = lookUp(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(await lookUp(1)).toBe('new');
    answer(new Map([[1, 'old']]));
    expect(await first).toBe('old');
    expect(queries).toEqual([[1], [1]]);
  });

  it('a query asks for 500 at most', async () => {
    const { lookUp, queries } = recordedLookUps();
    const ids = Array.from({ length: 1201 }, (_, index) => index);
    const found = await Promise.all(ids.map(lookUp));
    expect(found[404]).toBeUndefined();
    expect(found.filter((name) => name !== undefined)).toHaveLength(1200);
    expect(queries.map(({ length }) => length)).toEqual([500, 500, 201]);
  });

  it('a failed query fails all of its look-ups and no later one', async () => {
    let fails = true;
    const lookUp = batchLookUps(() => {
      if (fails) throw new Error('away');
      return Promise.resolve(new Map([[1, 'n1']]));
    });
    const results = await Promise.allSettled([lookUp(1), lookUp(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await lookUp(1)).toBe('n1');
  });
});

function recordedLookUps() {
  const queries: (readonly number[])[] = [];
  const lookUp = batchLookUps(async (ids) => {
    queries.push(ids);
    return new Map(ids.filter((id) => id !== 404).map((id) => [id, `n${id}`]));
  });
  return { lookUp, queries };
}
