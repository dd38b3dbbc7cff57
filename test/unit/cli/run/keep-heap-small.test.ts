import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../../../src/cli/run/keep-heap-small.ts', import.meta.url));

/** Makes things that live for a while, as cycles that wait do, and tells what V8 has taken for new ones, MB. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { keepHeapSmall } from '${MODULE}';
  if (process.argv[1] === 'small') keepHeapSmall();
  const kept = [];
  for (let round = 0; round < 20; round += 1) {
    kept.push(Array.from({ length: 20_000 }, (_, index) => ({ index, more: [index] })));
    if (kept.length > 3) kept.shift();
  }
  const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  console.log(space_size / 1024 / 1024);
`;

async function runProgram(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const all = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, ...args];
  return promisify(execFile)(process.execPath, all);
}

describe('keepHeapSmall', () => {
  it('tells V8 what this version of it knows, and is obeyed', async () => {
    const small = await runProgram('small');
    expect(small.stderr).toBe('');
    const left = await runProgram();
    expect(Number(small.stdout)).toBeLessThan(Number(left.stdout) / 2);
  });
});
