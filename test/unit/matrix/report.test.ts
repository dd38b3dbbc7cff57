import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cell } from '../../matrix/cell.js';
import { fillPage } from '../../matrix/fill-page.js';
import { readOptions } from '../../matrix/options.js';
import { count, countByFormat, readReport } from '../../matrix/read-report.js';
import type { CellResult } from '../../matrix/result.js';
import { mergeResult, readResults } from '../../matrix/results-file.js';

const RESULT: CellResult = {
  ...{ part: 'server', name: 'mysql-9.7', title: 'MySQL 9.7', date: '2026-11-30', commit: 'abc' },
  versions: { MySQL: '9.7.4' },
  counts: { passed: 5, failed: 1, skipped: 2 },
  byFormat: { ROW: { passed: 3, failed: 1, skipped: 0 }, MIXED: { passed: 0, failed: 0, skipped: 0 } },
  failures: ['R7: a | b'],
};

describe('a report of vitest', () => {
  const suite = (name: string, status: string, ...tests: readonly [string, string][]) => ({
    ...{ name, status, message: 'it cannot be loaded\nat …' },
    assertionResults: tests.map(([fullName, outcome]) => ({ fullName, status: outcome })),
  });
  const report = (...testResults: readonly object[]) => readReport(JSON.stringify({ testResults }));

  it('has each test with its outcome; what was not run is skipped', () => {
    const outcomes = report(
      suite('a', 'failed', ['x', 'passed'], ['y', 'failed'], ['z', 'pending'], ['w', 'todo']),
    );
    expect(count(outcomes)).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });

  it('a file that fails without a test that fails is a failure', () => {
    expect(report(suite('a.test.ts', 'failed', ['x', 'passed']))).toContainEqual({
      name: 'a.test.ts: it cannot be loaded',
      outcome: 'failed',
    });
  });

  it('tests are counted by the format of the binlog in their name', () => {
    const outcomes = report(
      suite(
        'a',
        'passed',
        ['R2, MariaDB ROW > x', 'passed'],
        ['MySQL STATEMENT y', 'passed'],
        ['in MIXED', 'passed'],
      ),
    );
    const none = { passed: 0, failed: 0, skipped: 0 };
    expect(countByFormat(outcomes)).toEqual({
      ROW: { ...none, passed: 1 },
      MIXED: none,
      STATEMENT: { ...none, passed: 1 },
    });
  });
});

describe('the results', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'matrix-results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('a run replaces its own cell and keeps the others, in the order of the matrix', async () => {
    const file = join(folder, 'results.json');
    const order = ['node-22', 'mysql-9.7'];
    await mergeResult(RESULT, '6.1', order, file);
    await mergeResult({ ...RESULT, name: 'gone' }, '6.1', [...order, 'gone'], file);
    await mergeResult({ ...RESULT, name: 'node-22' }, '6.2', order, file);
    await mergeResult({ ...RESULT, commit: 'def' }, '6.2', order, file);
    const { kernel, cells } = await readResults(file);
    expect(kernel).toBe('6.2');
    expect(cells.map(({ name, commit }) => [name, commit])).toEqual([
      ['node-22', 'abc'],
      ['mysql-9.7', 'def'],
    ]);
  });
});

describe('the page', () => {
  const block = (name: string) => `<!-- matrix:${name} -->\nold\n<!-- /matrix -->`;

  it('has a row for each cell, with what failed by name', () => {
    const page = fillPage(`a\n${block('server')}\nb`, { kernel: '6.1', cells: [RESULT] });
    expect(page).toContain(
      '| MySQL 9.7 | MySQL 9.7.4 | 3 passed, **1 failed** | – | – | 5 passed, **1 failed**',
    );
    expect(page).toContain('What failed:\n\n- MySQL 9.7: R7: a \\| b\n');
    expect(page).toMatch(/^a\n[\s\S]*\nb$/);
  });

  it('says what was not run, and on which days the rest was', () => {
    const page = fillPage(block('node') + block('machine'), { kernel: '6.1', cells: [RESULT] });
    expect(page).toContain('Not run yet: `npm run test:matrix -- --only node`.');
    expect(page).toContain('on 2026-11-30, on Linux 6.1');
  });
});

describe('the options', () => {
  const prepare = () => Promise.reject(new Error('not here'));
  const cells: Cell[] = (['node-22', 'node-24', 'node-26'] as const).map((name) => ({
    ...{ part: 'node', name, title: name, prepare },
  }));
  const chosen = (...args: readonly string[]) => readOptions(args, cells).cells.map(({ name }) => name);

  it('are a part, a cell, or the short form', () => {
    expect(chosen('--only', 'node')).toEqual(['node-22', 'node-24', 'node-26']);
    expect(chosen('--only', 'node-26,node-22')).toEqual(['node-26', 'node-22']);
    expect(readOptions(['--short'], cells)).toMatchObject({ isShort: true, cells });
    expect(chosen('--report')).toEqual([]);
  });

  it('say what there is', () => {
    expect(() => chosen('--only', 'node-18')).toThrow(/--only node-18: there are node, .*node-22/);
    expect(() => chosen('--only', 'node', '--short')).toThrow(/one of/);
  });
});
