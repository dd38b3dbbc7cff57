import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../../../src/restart/processes/process-info.js';
import { ProcessTree } from '../../../../src/restart/processes/process-tree.js';

/** Pairs of a pid and its parent. */
function treeOf(...pairs: readonly (readonly [pid: number, ppid: number])[]): ProcessTree {
  return new ProcessTree(pairs.map(([pid, ppid]) => ({ pid, ppid }) as ProcessStat));
}

describe('the family of processes', () => {
  const tree = treeOf([1, 0], [10, 1], [11, 10], [12, 11], [20, 1], [21, 20]);

  it('knows descendants and ancestors', () => {
    expect(tree.descendantsOf(new Set([10])).map(({ pid }) => pid)).toEqual([11, 12]);
    expect([...tree.ancestorsOf(12)]).toEqual([11, 10, 1]);
  });

  it('knows the topmost of some', () => {
    expect([...tree.topmostOf(new Set([10, 12, 20, 21]))]).toEqual([10, 20]);
    expect([...tree.topmostOf(new Set([12, 21]))]).toEqual([12, 21]);
    expect([...tree.topmostOf(new Set([11, 12, 21]))]).toEqual([11, 21]);
  });

  it('comes to an end where a pid that was reused makes a circle', () => {
    const circle = treeOf([10, 12], [11, 10], [12, 11]);
    expect([...circle.ancestorsOf(10)]).toEqual([12, 11, 10]);
    expect(circle.descendantsOf(new Set([10])).map(({ pid }) => pid)).toEqual([11, 12]);
    expect([...circle.topmostOf(new Set([10]))]).toEqual([10]);
  });

  it('takes as many steps as there are processes, be they one chain or all one family', () => {
    const count = 30_000;
    const chain = treeOf(...Array.from({ length: count }, (_, index) => [index + 1, index] as const));
    // With each chain walked to its end this would take hundreds of millions of steps, and longer than a test may.
    const leaves = new Set(Array.from({ length: count / 2 }, (_, index) => count - index));
    expect([...chain.topmostOf(leaves)]).toEqual([count / 2 + 1]);
    const every = new Set(Array.from({ length: count }, (_, index) => index + 1));
    expect([...chain.topmostOf(every)]).toEqual([1]);
  });
});
