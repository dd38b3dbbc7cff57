import { h, type VNode } from '../dom/h.js';
import type { StripCycle, Verdict } from '../model/contract.js';
import { describeStrip } from '../model/verdicts.js';

const CYCLES = 20;
const STEP = 5;
const HEIGHT = 16;

/** A bar for each cycle, the latest at the right. Its height says how it ended, and its colour the same again. */
const BARS: Readonly<
  Record<Verdict, { readonly class: string; readonly top: number; readonly bottom: number }>
> = {
  restarted: { class: 'strip-ok', top: 6, bottom: 13 },
  healthy: { class: 'strip-ok', top: 10, bottom: 13 },
  failed: { class: 'strip-bad', top: 0, bottom: 16 },
  'broken-off': { class: 'strip-bad', top: 0, bottom: 16 },
  'breaker-open': { class: 'strip-bad', top: 0, bottom: 4 },
  escalated: { class: 'strip-warn', top: 0, bottom: 10 },
  refused: { class: 'strip-bad', top: 12, bottom: 16 },
  paused: { class: 'strip-none', top: 12, bottom: 14 },
  withdrawn: { class: 'strip-none', top: 12, bottom: 14 },
};

/** The last cycles of a process as a picture of the size of a word. */
export function strip(cycles: readonly StripCycle[] = []): VNode {
  const shown = cycles.slice(-CYCLES);
  const width = CYCLES * STEP - 1;
  const byClass = new Map<string, string>();
  shown.forEach(({ verdict }, index) => {
    const bar = BARS[verdict] ?? BARS.withdrawn;
    const x = (CYCLES - shown.length + index) * STEP;
    const path = `M${x} ${bar.top}h4V${bar.bottom}h-4z`;
    byClass.set(bar.class, (byClass.get(bar.class) ?? '') + path);
  });
  return h(
    'svg',
    {
      class: 'strip',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      role: 'img',
      'aria-label': describeStrip(shown),
    },
    h('path', { class: 'strip-line', d: `M0 13.5h${width}` }),
    [...byClass].map(([name, d]) => h('path', { key: name, class: name, d })),
  );
}
