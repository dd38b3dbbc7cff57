import { describe, expect, it } from 'vitest';
import { type Note, STAGE_NAMES, timeStages } from '../../../bench/waterfall/stages.js';

const REACTION: readonly Note[] = [
  ['row', '1 1', 100.5],
  ['query', 'SELECT', 101],
  ['answer', 'SELECT', 102],
  ['spawn', '-c restart', 103],
  ['spawned', '-c restart', 104],
  ['said', 'restart p1', 105],
  ['exit', '-c restart', 106],
  ['spawn', '-c check', 107],
  ['said', 'check p1', 108],
  ['spawned', '-c check', 109],
  ['exit', '-c check', 110],
  ['query', 'UPDATE', 111],
  ['answer', 'UPDATE', 112],
  ['row', '1 0', 113],
];

describe('the stages of a reaction', () => {
  it('end when their note was made, counted from the commit', () => {
    expect(timeStages(100, REACTION)).toEqual([0.5, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12]);
    expect(STAGE_NAMES).toHaveLength(11);
  });

  it('are not told of one that was not seen to its end', () => {
    expect(timeStages(100, REACTION.slice(0, -2))).toBeUndefined();
  });
});
