import { describe, expect, it } from 'vitest';
import { keepLast } from '../../../../src/cli/history/show-history.js';

async function* count(to: number): AsyncGenerator<number> {
  for (let number = 1; number <= to; number += 1) yield number;
}

describe('the last of many', () => {
  it.each([
    [0, 3, [], 0],
    [2, 3, [1, 2], 0],
    [3, 3, [1, 2, 3], 0],
    [5, 3, [3, 4, 5], 2],
    [100, 1, [100], 99],
    [101, 3, [99, 100, 101], 98],
  ])('of %i: %i', async (all, limit, kept, left) => {
    expect(await keepLast(count(all), () => true, limit)).toEqual({ kept, left });
  });

  it('counts those alone that are meant', async () => {
    expect(await keepLast(count(10), (number) => number % 2 === 0, 2)).toEqual({ kept: [8, 10], left: 3 });
  });
});
