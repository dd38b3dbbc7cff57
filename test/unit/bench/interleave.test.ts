import { describe, expect, it } from 'vitest';
import { interleave } from '../../../bench/support/interleave.js';
import { Random } from '../../faults/random.js';

function play(seed: number, rounds: number, warmUps = 1) {
  const order: string[] = [];
  let calls = 0;
  const contender = (name: string) => ({
    name,
    async round(isWarmUp: boolean) {
      order.push(`${name}${isWarmUp ? ' warm-up' : ''}`);
      calls += 1;
      return [calls];
    },
  });
  const random = new Random(seed);
  const result = interleave({ contenders: [contender('a'), contender('b')], rounds, warmUps, random });
  return result.then((measured) => ({ measured, order }));
}

describe('interleave', () => {
  it('gives each its turn in every round, the warm-up first', async () => {
    const { order } = await play(1, 3);
    expect(order).toHaveLength(8);
    expect(order.slice(0, 2).sort()).toEqual(['a warm-up', 'b warm-up']);
    for (const round of [1, 2, 3]) {
      expect(order.slice(2 * round, 2 * round + 2).sort()).toEqual(['a', 'b']);
    }
  });

  it('throws away what the warm-up measured', async () => {
    const { measured } = await play(1, 2);
    expect([...(measured.get('a') ?? []), ...(measured.get('b') ?? [])].sort()).toEqual([3, 4, 5, 6]);
  });

  it('changes the order, by the seed alone', async () => {
    const { order } = await play(7, 20, 0);
    const firsts = order.filter((_, index) => index % 2 === 0);
    expect(new Set(firsts)).toEqual(new Set(['a', 'b']));
    expect((await play(7, 20, 0)).order).toEqual(order);
  });
});
