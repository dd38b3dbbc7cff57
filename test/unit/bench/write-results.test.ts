import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatResult, readResults, writeResult } from '../../../bench/support/write-results.js';
import { resultOf } from './results.js';

describe('a result as a file', () => {
  it('is the same whatever order its keys were made in', () => {
    const result = resultOf();
    const reversed = Object.fromEntries(Object.entries(result).reverse());
    expect(formatResult({ ...result, ...reversed })).toBe(formatResult(result));
    expect(JSON.stringify(Object.keys(JSON.parse(formatResult(result))).slice(0, 4))).toBe(
      '["name","server","what","figures"]',
    );
  });

  it('rounds what was measured, and not the seed', () => {
    const series = [{ name: 'a', points: [[1.23456789, 0.5]] as const }];
    const read = JSON.parse(formatResult(resultOf({ seed: 123_456_789, series })));
    expect(read.series[0].points).toEqual([[1.2346, 0.5]]);
    expect(read.seed).toBe(123_456_789);
  });

  it('has a point of a curve on a line of its own', () => {
    const text = formatResult(
      resultOf({
        series: [
          {
            name: 'a',
            points: [
              [1, 2],
              [3e-7, -4],
            ],
          },
        ],
      }),
    );
    expect(text).toMatch(/^ +\[1, 2\],\n +\[3e-7, -4\]\n/m);
  });

  it('is read back by name and server, and leaves no other file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bench-results-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeResult(resultOf({ server: 'mysql' }), directory);
    await writeResult(resultOf(), directory);
    await writeResult(resultOf(), directory);
    expect(await readdir(directory)).toEqual(['reaction-mariadb.json', 'reaction-mysql.json']);
    expect(await readResults(directory)).toEqual([resultOf(), resultOf({ server: 'mysql' })]);
  });

  it('that is not there is no fault', async () => {
    expect(await readResults('/nowhere/at/all')).toEqual([]);
  });
});
