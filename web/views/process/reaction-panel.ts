import type uPlot from 'uplot';
import { LOG, msAxis, msRange } from '../../charts/axes.js';
import { chart } from '../../charts/chart.js';
import { h, type VNode } from '../../dom/h.js';
import type { HistoryEntry } from '../../model/contract.js';
import { describeCycleAt, toColumns } from '../../model/describe-cycles.js';
import { legend } from '../../parts/legend.js';
import { panel } from '../../parts/panel.js';
import { empty } from '../../parts/texts.js';

/** How fast its last cycles were. */
export function reactionPanel(entries: readonly HistoryEntry[] | undefined): VNode {
  return panel('reaction', 'Reaction and duration', undefined, content());

  function content(): VNode {
    if (!entries) return empty('Reading …');
    if (entries.length === 0) return empty('No cycle has ended yet.', 'When one has, it is measured here.');
    const columns = columnsOf(entries);
    return h(
      'figure',
      null,
      h(
        'figcaption',
        null,
        `The last ${entries.length === 1 ? 'cycle' : `${entries.length} cycles`}, the latest at the right`,
        legend(['key-run', 'reaction'], ['key-ring', 'until the verdict'], ['key-cross', 'the same, failed']),
      ),
      chart({
        key: 'chart',
        label: `Reaction and duration. ${describeCycleAt(entries, undefined)}`,
        data: columns,
        heightPx: 170,
        describe: (index) => describeCycleAt(entries, index),
        plot: (colours) => ({
          scales: {
            x: { time: false, range: (_, least, most) => [least - 1, most + 1] },
            y: { distr: LOG, range: msRange },
          },
          axes: [{ show: false }, msAxis(colours)],
          series: [
            {},
            {
              ...dots,
              points: { show: true, size: 6, width: 1, stroke: colours.muted, fill: 'transparent' },
            },
            { ...dots, points: { show: true, size: 8, width: 2, stroke: colours.bad, fill: 'transparent' } },
            { ...dots, points: { show: true, size: 5, width: 0, fill: colours.run } },
          ],
        }),
      }),
    );
  }
}

const dots: uPlot.Series = { paths: () => null };

/** Made once for each list: the chart is drawn anew when its data are others. */
const columns = new WeakMap<object, uPlot.AlignedData>();

function columnsOf(entries: readonly HistoryEntry[]): uPlot.AlignedData {
  const known = columns.get(entries);
  if (known) return known;
  const made = toColumns(entries) as uPlot.AlignedData;
  columns.set(entries, made);
  return made;
}
