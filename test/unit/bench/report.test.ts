import { describe, expect, it } from 'vitest';
import { fillBlocks } from '../../../bench/report/fill-blocks.js';
import { reportBlocks } from '../../../bench/report/report-blocks.js';
import { resultOf } from './results.js';

const DOCUMENT = `before
<!-- bench:reaction -->
old
<!-- /bench -->
between
<!-- bench:storm -->
<!-- /bench -->
after
`;

describe('fillBlocks', () => {
  it('replaces what stands in a block and nothing else', () => {
    const filled = fillBlocks(DOCUMENT, new Map([['reaction', 'new, $& and $1']]));
    expect(filled).toBe(`before
<!-- bench:reaction -->
new, $& and $1
<!-- /bench -->
between
<!-- bench:storm -->
Not measured yet: \`npm run bench -- --only storm\`.
<!-- /bench -->
after
`);
  });

  it('changes nothing the second time', () => {
    const blocks = reportBlocks([resultOf()]);
    const once = fillBlocks(DOCUMENT, blocks);
    expect(fillBlocks(once, blocks)).toBe(once);
  });
});

describe('reportBlocks', () => {
  const mysql = resultOf({ server: 'mysql', serverVersion: '9.7.4' });

  it('has a table for each server of a bench', () => {
    expect(reportBlocks([resultOf(), mysql]).get('reaction')).toBe(`**MariaDB 10.11.19**

| what | measured | baseline | ratio | aim |  |
| --- | --- | --- | --- | --- | --- |
| reaction idle, p50 | 2.4 ms | 2 ms floor | 1.2 × | ≤ 1.3 × | ✔ |
| memory | 91.2 MB |  |  | ≤ 80 MB | ✘ |
| polling | 150 s (computed) |  |  |  |  |

The machine was idle.

**MySQL 9.7.4**

| what | measured | baseline | ratio | aim |  |
| --- | --- | --- | --- | --- | --- |
| reaction idle, p50 | 2.4 ms | 2 ms floor | 1.2 × | ≤ 1.3 × | ✔ |
| memory | 91.2 MB |  |  | ≤ 80 MB | ✘ |
| polling | 150 s (computed) |  |  |  |  |

The machine was idle.`);
  });

  it('shows the headlines alone at a glance', () => {
    expect(reportBlocks([resultOf(), mysql]).get('headline')?.split('\n')).toEqual([
      '| server | bench | what | measured | baseline | ratio | aim |  |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| MariaDB | reaction | reaction idle, p50 | 2.4 ms | 2 ms floor | 1.2 × | ≤ 1.3 × | ✔ |',
      '| MySQL | reaction | reaction idle, p50 | 2.4 ms | 2 ms floor | 1.2 × | ≤ 1.3 × | ✔ |',
    ]);
  });

  it('says which systemd it was, and shows what was measured under one first in README', () => {
    const host = { systemd: '252', serverVersion: '10.11.18' };
    const booted = resultOf({ name: 'systemd-reaction', serverVersion: '10.11.18', host });
    const blocks = reportBlocks([resultOf(), booted]);
    expect(blocks.get('systemd-reaction')).toMatch(/^\*\*MariaDB 10\.11\.18, systemd 252\*\*\n/);
    expect(blocks.get('headline')?.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^\| MariaDB \| systemd-reaction \|/),
      expect.stringMatching(/^\| MariaDB \| reaction \|/),
    ]);
  });

  it('tells once on what machine all was measured', () => {
    expect(reportBlocks([resultOf(), mysql]).get('machine')).toBe(
      '2026-01-02, full form: 2 cores of Some CPU, 8 GB, Linux 6.1, Node v20.19.0',
    );
  });
});
