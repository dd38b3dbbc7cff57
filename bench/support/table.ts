import { COLUMNS, describeFigure } from './describe-figure.js';
import type { BenchResult } from './result.js';

/** One result as plain text: what, measured, baseline, ratio, aim, and whether it is met. */
export function formatTable({ name, server, serverVersion, what, figures, remarks }: BenchResult): string {
  const rows = [[...COLUMNS], ...figures.map(describeFigure)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = (remarks ?? []).map((remark) => `  ${remark}`);
  return [`${name}, ${server} ${serverVersion}: ${what}`, '', ...lines, ...notes].join('\n');
}
