import { AREA, xAxis } from '../plot/frame.js';
import { scaleFor } from '../plot/scale.js';
import { element, HEIGHT, picture, text } from '../plot/svg.js';
import type { Drawing } from '../support/bench.js';
import { formatNumber } from '../support/describe-figure.js';
import type { BenchResult } from '../support/result.js';
import { SERVER_NAMES } from '../support/server-names.js';
import { STAGE_NAMES, type Stage } from './stages.js';

const COLOUR: Readonly<Record<Stage['by'], number>> = { database: 3, service: 0, kernel: 2, command: 1 };
const LEFT = 270;
const RIGHT = AREA.right - 40;

/** One picture for each server: a bar for each stage, from where the one before ended. */
export function drawWaterfalls(results: readonly BenchResult[]): readonly Drawing[] {
  return results.map((result) => ({ file: `waterfall-${result.server}`, svg: drawWaterfall(result) }));
}

function drawWaterfall({ server, serverVersion, figures }: BenchResult): string {
  const axis = { label: 'ms after the commit, median', kind: 'linear' } as const;
  const ends = figures.map(({ value }) => Math.max(0, value));
  const across = scaleFor(axis, ends, LEFT, RIGHT);
  const step = (AREA.bottom - AREA.top) / figures.length;
  const bars = figures.flatMap(({ what }, index) => {
    const begin = index === 0 ? 0 : (ends[index - 1] ?? 0);
    const end = Math.max(begin, ends[index] ?? 0);
    const y = AREA.top + index * step;
    const colour = COLOUR[STAGE_NAMES.find(({ name }) => name === what)?.by ?? 'service'];
    const width = Math.max(1, across.at(end) - across.at(begin));
    return [
      text(LEFT - 10, y + step * 0.65, what, { 'text-anchor': 'end' }),
      element('rect', { x: across.at(begin), y: y + 3, width, height: step - 6, class: `f${colour}` }),
      text(across.at(begin) + width + 5, y + step * 0.65, formatNumber(end - begin)),
    ];
  });
  const key = Object.entries(COLOUR).flatMap(([name, colour], index) => {
    const x = LEFT + index * 110;
    return [
      element('rect', { x, y: 38, width: 12, height: 12, class: `f${colour}` }),
      text(x + 18, 49, name === 'kernel' ? 'fork, exec' : name),
    ];
  });
  const title = `One reaction, commit to cleared, ${SERVER_NAMES[server]} ${serverVersion}`;
  return picture(title, [...xAxis(axis, across, LEFT), ...bars, ...key], HEIGHT);
}
