import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const sourceOf = (path: string): string => fileURLToPath(new URL(`../../../../src/${path}`, import.meta.url));

/** Makes things that live for a while, as the cycles of a storm do. Tells what V8 has for new ones before, and at most, MB. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { keepHeapSmall } from '${sourceOf('cli/run/keep-heap-small.ts')}';
  import { growHeapInStorms } from '${sourceOf('service/alarms/heap-for-storms.ts')}';
  keepHeapSmall();
  const sizeMb = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1024 / 1024;
  const before = sizeMb();
  const observer = growHeapInStorms({ waiting: Number(process.argv[1]) });
  const kept = [];
  let most = before;
  for (let round = 0; round < 2000; round += 1) {
    observer.onEvent();
    kept.push(Array.from({ length: 400 }, (_, index) => ({ index, more: [index] })));
    if (kept.length > 300) kept.shift();
    most = Math.max(most, sizeMb());
  }
  console.log(JSON.stringify({ before, most }));
`;

async function newSpace(waiting: number): Promise<{ readonly before: number; readonly most: number }> {
  const all = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, String(waiting)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, all);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

it('new objects get more space in a storm, and not more than is meant', async () => {
  const [calm, storm] = await Promise.all([newSpace(0), newSpace(200)]);
  expect(calm.most).toBeLessThanOrEqual(calm.before);
  expect(storm.most).toBeGreaterThan(storm.before);
  expect(storm.most).toBeLessThanOrEqual(16);
});
