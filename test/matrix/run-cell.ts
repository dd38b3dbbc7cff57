import { execFileSync } from 'node:child_process';
import type { Cell } from './cell.js';
import { count, countByFormat } from './read-report.js';
import type { CellResult } from './result.js';
import { runVitest } from './run-vitest.js';

/** @throws Error if it cannot be prepared, or its tests do not run at all. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const { versions, ...run } = await cell.prepare();
  const commit = describeCommit();
  const outcomes = await runVitest(run);
  return {
    part: cell.part,
    name: cell.name,
    title: cell.title,
    date: new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
    commit,
    versions,
    counts: count(outcomes),
    ...(cell.part === 'server' && { byFormat: countByFormat(outcomes) }),
    failures: outcomes.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
  };
}

/** What came of earlier cells, and the page made of it, are no change. */
function describeCommit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changes = git(
    ...['status', '--porcelain', '--', '.', ':!test/matrix/results.json', ':!docs/compatibility.md'],
  );
  return git('rev-parse', '--short=8', 'HEAD') + (changes === '' ? '' : '-dirty');
}
