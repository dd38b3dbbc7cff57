import { drawLines } from '../plot/line-plot.js';
import type { Drawing } from '../support/bench.js';
import type { BenchResult } from '../support/result.js';
import { SERVER_NAMES } from '../support/server-names.js';

/** One plot for each server: answered processes over time, service and loop. */
export function drawStorms(results: readonly BenchResult[]): readonly Drawing[] {
  return results.map(({ server, serverVersion, series = [] }) => ({
    file: `storm-${server}`,
    svg: drawLines({
      title: `A storm of alarms, ${SERVER_NAMES[server]} ${serverVersion}`,
      x: { label: 's', kind: 'linear', min: 0 },
      y: { label: 'processes answered', kind: 'linear', min: 0 },
      lines: series.map(({ name, points }) => ({
        name,
        points,
        colour: name.startsWith('service') ? 0 : 1,
        isDashed: name.includes('16'),
      })),
    }),
  }));
}
