import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const sourceOf = (path: string): string => fileURLToPath(new URL(`../../../../src/${path}`, import.meta.url));

/** Makes things that live for a while, as the cycles of a storm do, and tells what V8 has taken for new ones, MB. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { keepHeapSmall } from '${sourceOf('cli/run/keep-heap-small.ts')}';
  import { growHeapInStorms } from '${sourceOf('service/alarms/heap-for-storms.ts')}';
  keepHeapSmall();
  const observer = growHeapInStorms({ waiting: Number(process.argv[1]) });
  const kept = [];
  for (let round = 0; round < 2000; round += 1) {
    observer.onEvent();
    kept.push(Array.from({ length: 400 }, (_, index) => ({ index, more: [index] })));
    if (kept.length > 300) kept.shift();
  }
  const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  console.log(space_size / 1024 / 1024);
`;

async function newSpaceMb(waiting: number): Promise<number> {
  const all = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, String(waiting)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, all);
  expect(stderr).toBe('');
  return Number(stdout);
}

it('new objects get more space in a storm, and not more than is meant', async () => {
  const [calm, storm] = await Promise.all([newSpaceMb(0), newSpaceMb(200)]);
  expect(storm).toBeGreaterThanOrEqual(2 * calm);
  expect(storm).toBeLessThanOrEqual(16);
});
