import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../../bench/support/describe-figure.js';
import { formatTable } from '../../../bench/support/table.js';
import { resultOf } from './results.js';

describe('the table of a result', () => {
  it('shows value, baseline, ratio, aim, and whether it is met', () => {
    expect(formatTable(resultOf()).split('\n')).toEqual([
      'reaction, mariadb 10.11.19: from commit to restart',
      '',
      'what                measured          baseline    ratio  aim',
      'reaction idle, p50  2.4 ms            2 ms floor  1.2 ×  ≤ 1.3 ×  ✔',
      'memory              91.2 MB                              ≤ 80 MB  ✘',
      'polling             150 s (computed)',
      '  the machine was idle',
    ]);
  });

  it('does not call an aim met whose baseline says nothing', () => {
    const [figure] = resultOf().figures;
    if (!figure) throw new Error('there is a figure');
    const figures = [{ ...figure, baseline: { what: 'floor', value: 0 } }];
    expect(formatTable(resultOf({ figures }))).toContain('✘');
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.001234, '0.0012'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [123.45, '123'],
    [12_345.6, '12,346'],
    [-1.2345, '-1.23'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
