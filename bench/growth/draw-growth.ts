import { drawLines } from '../plot/line-plot.js';
import type { Drawing } from '../support/bench.js';
import type { BenchResult } from '../support/result.js';
import { SERVER_NAMES } from '../support/server-names.js';

const GROWING = ['processes', 'standing alarms'] as const;

/** Two plots for each server: what grows with the table, and what with the alarms. */
export function drawGrowth(results: readonly BenchResult[]): readonly Drawing[] {
  return results.flatMap(({ server, series = [] }) =>
    GROWING.map((growing) => ({
      file: `growth-${growing.replace(' ', '-')}-${server}`,
      svg: drawLines({
        title: `With more ${growing}, ${SERVER_NAMES[server]}`,
        x: { label: growing, kind: 'log' },
        y: { label: 'ms, MB', kind: 'log' },
        lines: series
          .filter(({ name }) => name.startsWith(`${growing}: `))
          .map(({ name, points }) => ({ name: name.slice(growing.length + 2), points })),
      }),
    })),
  );
}
