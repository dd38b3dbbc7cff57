import type { Screen } from './screen.js';
import type { Outcome, Scenario } from './stage.js';
import { formatMs } from './timeline.js';

export interface Played {
  readonly scenario: Scenario;
  readonly result: Outcome | Error;
}

/** One row a scenario: what happened, and when, in ms since the commit. */
export function showSummary(screen: Screen, played: readonly Played[]): void {
  screen.heading('Summary, times since the commit');
  const rows = [['scenario', 'what happened', 'seen', 'restarted', 'cleared'], ...played.map(rowOf)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const text = row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
    const hasFailed = played[index - 1]?.result instanceof Error;
    screen.line(
      `  ${index === 0 ? screen.paint('dim', text) : hasFailed ? screen.paint('red', text) : text}`,
    );
  }
}

function rowOf({ scenario, result }: Played): string[] {
  if (result instanceof Error) return [scenario.short, `FAILED: ${result.message}`, '-', '-', '-'];
  const { what, seenMs, restartedMs, clearedMs } = result;
  return [
    scenario.short,
    what,
    formatMs(seenMs),
    formatMs(restartedMs),
    clearedMs === undefined ? '-' : formatMs(clearedMs),
  ];
}
