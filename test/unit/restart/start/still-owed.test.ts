import { expect, it } from 'vitest';
import type { ProgramStart } from '../../../../src/restart/start/start-plan.js';
import { stillOwed } from '../../../../src/restart/start/still-owed.js';

let pids = 100;
const run = (...args: string[]): ProgramStart => {
  pids += 1;
  const program = { file: '/opt/app', argv0: 'app', args, cwd: '/' };
  return { kind: 'program', ...program, seenAs: { pid: pids, startTime: 1 } } as unknown as ProgramStart;
};

it('R11: owes what does not run again, and no more than was stopped', () => {
  const [one, two, three] = [run('1'), run('2'), run('3')];
  const stopped = [one, two, three];
  expect(stillOwed(stopped, [])).toEqual(stopped);
  expect(stillOwed(stopped, [two])).toEqual([one, three]);
  expect(stillOwed(stopped, [run('3'), one])).toEqual([two]);
  expect(stillOwed(stopped, [run('4'), run('4')])).toEqual([one]);
  expect(stillOwed(stopped, [run('4'), run('4'), run('4')])).toEqual([]);
  expect(stillOwed([], [run('1')])).toEqual([]);
});

it('R11: the very process that was seen is itself, and not another one that is started alike', () => {
  const [first, second] = [run('1'), run('1')];
  expect(stillOwed([first, second], [second])).toEqual([first]);
});

it('R11: after a boot of the host nothing was seen, and what is started alike counts', () => {
  const [{ seenAs: _, ...one }, { seenAs: __, ...two }] = [run('1'), run('2')];
  expect(stillOwed([one, two], [run('2')])).toEqual([one]);
});
