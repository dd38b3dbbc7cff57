import { COLUMNS, describeFigure } from '../support/describe-figure.js';
import type { BenchResult } from '../support/result.js';
import { SERVER_NAMES } from '../support/server-names.js';

/** What stands in each block: a table for each bench, `headline` for all at a glance, `machine` for where it was measured. */
export function reportBlocks(results: readonly BenchResult[]): ReadonlyMap<string, string> {
  const names = [...new Set(results.map(({ name }) => name))];
  const blocks = new Map(
    names.map((name) => [name, describeBench(results.filter((result) => result.name === name))]),
  );
  if (results.length > 0) {
    blocks.set('headline', describeHeadlines(results));
    blocks.set('machine', describeMachine(results));
  }
  return blocks;
}

function describeBench(results: readonly BenchResult[]): string {
  return results
    .map(({ server, serverVersion, host, figures, remarks = [] }) =>
      [
        `**${SERVER_NAMES[server]} ${serverVersion}${host ? `, systemd ${host.systemd}` : ''}**`,
        table(COLUMNS, figures.map(describeFigure)),
        ...remarks.map((remark) => `${remark[0]?.toUpperCase()}${remark.slice(1)}.`),
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** What was measured as it is installed comes first. */
function describeHeadlines(results: readonly BenchResult[]): string {
  const ordered = results.toSorted((a, b) => Number(b.host !== undefined) - Number(a.host !== undefined));
  const rows = ordered.flatMap(({ name, server, figures }) =>
    figures
      .filter(({ isHeadline }) => isHeadline)
      .map((figure) => [SERVER_NAMES[server], name, ...describeFigure(figure)]),
  );
  return table(['server', 'bench', ...COLUMNS], rows);
}

function describeMachine(results: readonly BenchResult[]): string {
  const lines = results.map(({ machine, form }) => {
    const { cpu, cores, memoryMb, kernel, node, date } = machine;
    const memory = `${Math.round(memoryMb / 1024)} GB`;
    return `${date}, ${form} form: ${cores} cores of ${cpu}, ${memory}, Linux ${kernel}, Node ${node}`;
  });
  return [...new Set(lines)].sort().join('  \n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const show = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [show(head), show(head.map(() => '---')), ...rows.map(show)].join('\n');
}
