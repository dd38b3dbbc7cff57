import { describe, expect, it } from 'vitest';
import { ownStarts } from '../../../../src/restart/start/own-starts.js';
import type { ProgramStart } from '../../../../src/restart/start/start-plan.js';

function start(pid: number, uid: number): ProgramStart {
  return { kind: 'program', credentials: { uid }, seenAs: { pid, startTime: 1 } } as unknown as ProgramStart;
}

describe('R29: of the instances that were seen, those are remembered', () => {
  it.each([
    ['all, where none is of root', [start(1, 7), start(2, 8)], [], [start(1, 7), start(2, 8)]],
    ['all, where all are of root', [start(1, 0), start(2, 0)], [start(9, 7)], [start(1, 0), start(2, 0)]],
    ["root's, where nothing is remembered", [start(1, 0), start(2, 8)], [], [start(1, 0)]],
    [
      "root's, where root's was there before",
      [start(1, 0), start(2, 8)],
      [start(1, 0), start(2, 8)],
      [start(1, 0)],
    ],
    ["root's, where the other one was not", [start(1, 0), start(2, 8)], [start(3, 8)], [start(1, 0)]],
    [
      'all, where only the other one was',
      [start(1, 0), start(2, 8)],
      [start(2, 8)],
      [start(1, 0), start(2, 8)],
    ],
    [
      'one that has given up root as it was',
      [start(1, 0), start(2, 8)],
      [start(1, 0), start(2, 0)],
      [start(1, 0), start(2, 0)],
    ],
  ])('%s', (_, seen, remembered, expected) => {
    expect(ownStarts(seen, remembered)).toEqual(expected);
  });
});
