import { drawDistributions } from '../plot/line-plot.js';
import type { Drawing } from '../support/bench.js';
import type { BenchResult } from '../support/result.js';
import { SERVER_NAMES } from '../support/server-names.js';

/** One plot for each server. */
export function drawReactions(results: readonly BenchResult[]): readonly Drawing[] {
  return results.map(({ server, serverVersion, series = [] }) => ({
    file: `reaction-${server}`,
    svg: drawDistributions({
      title: `Commit to restart command, ${SERVER_NAMES[server]} ${serverVersion}`,
      x: { label: 'ms, logarithmic', kind: 'log' },
      lines: series.map(({ name, points }) => ({
        name,
        points,
        colour: name.startsWith('service') ? 0 : name.startsWith('floor') ? 1 : 2,
        isDashed: name.endsWith('under load'),
      })),
    }),
  }));
}
