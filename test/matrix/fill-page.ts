import type { Part } from './cell.js';
import type { CellResult, Counts, MatrixResults } from './result.js';

/** `<!-- matrix:NAME -->`, whatever stands there, `<!-- /matrix -->`. */
const BLOCK = /<!-- matrix:(\w+) -->\n[\s\S]*?<!-- \/matrix -->/g;
const FORMATS = ['ROW', 'MIXED', 'STATEMENT'];

/** The page with each of its tables made anew from the results. Pure. */
export function fillPage(page: string, results: MatrixResults): string {
  return page.replaceAll(BLOCK, (_, name: string) => {
    const content = name === 'machine' ? describeMachine(results) : describePart(name as Part, results);
    return `<!-- matrix:${name} -->\n${content}\n<!-- /matrix -->`;
  });
}

function describeMachine({ kernel, cells }: MatrixResults): string {
  const dates = cells.map(({ date }) => date).sort();
  const days = dates[0] === dates.at(-1) ? `on ${dates[0]}` : `from ${dates[0]} to ${dates.at(-1)}`;
  return `Run ${days}, on Linux ${kernel}. Each row has the date of its run and the commit that was tested.`;
}

function describePart(part: Part, { cells }: MatrixResults): string {
  const own = cells.filter((cell) => cell.part === part);
  if (own.length === 0) return `Not run yet: \`npm run test:matrix -- --only ${part}\`.`;
  const formats = part === 'server' ? FORMATS : [];
  const head = ['', 'tested with', ...formats, formats.length > 0 ? 'all tests' : 'tests', 'date', 'commit'];
  const rows = own.map((cell) => [
    cell.title,
    Object.entries(cell.versions)
      .map(([program, version]) => `${program} ${version}`)
      .join(', '),
    ...formats.map((format) => describeCounts(cell.byFormat?.[format])),
    describeCounts(cell.counts),
    cell.date,
    cell.commit,
  ]);
  const failures = own.flatMap(describeFailures);
  return [table(head, rows), ...(failures.length > 0 ? ['', 'What failed:', '', ...failures] : [])].join(
    '\n',
  );
}

function describeCounts(counts: Counts = { passed: 0, failed: 0, skipped: 0 }): string {
  const { passed, failed, skipped } = counts;
  if (passed + failed + skipped === 0) return '–';
  return [
    `${passed} passed`,
    ...(failed > 0 ? [`**${failed} failed**`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ');
}

function describeFailures({ title, failures }: CellResult): string[] {
  return failures.map((failure) => `- ${title}: ${failure.replaceAll('|', '\\|')}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const show = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [show(head), show(head.map(() => '---')), ...rows.map(show)].join('\n');
}
