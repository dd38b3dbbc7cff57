import type uPlot from 'uplot';
import { bars, countAxis, countRange, LOG, msAxis, msRange, timeAxis } from '../../charts/axes.js';
import { chart } from '../../charts/chart.js';
import { type Child, h, type VNode } from '../../dom/h.js';
import type { Resource } from '../../live/resource.js';
import type { Charts } from '../../model/contract.js';
import { describeAlarms, describeReaction } from '../../model/describe-day.js';
import { legend } from '../../parts/legend.js';
import { panel } from '../../parts/panel.js';
import { empty } from '../../parts/texts.js';

/** The last 24 hours: how many alarms, and how fast they were answered. */
export function dayPanel({ value, error }: Resource<Charts>): VNode {
  return panel('day', 'The last 24 hours', undefined, content());

  function content(): Child {
    if (error && !value) return empty('The chart cannot be read.', error.message);
    if (!value) return empty('Reading …');
    return [alarmChart(value), reactionChart(value)];
  }
}

/** Made once for each answer: the chart is drawn anew when its data are others. */
const columns = new WeakMap<
  Charts,
  { readonly alarms: uPlot.AlignedData; readonly reaction: uPlot.AlignedData }
>();

function columnsOf(charts: Charts) {
  const known = columns.get(charts);
  if (known) return known;
  const { times, alarms, failed, reactionP50Ms, reactionP95Ms } = charts;
  // A logarithm has no zero.
  const atLeastOne = (values: readonly (number | null)[]) =>
    values.map((ms) => (ms === null ? null : Math.max(1, ms)));
  const made = {
    alarms: [[...times], [...alarms], [...failed]] as uPlot.AlignedData,
    reaction: [[...times], atLeastOne(reactionP95Ms), atLeastOne(reactionP50Ms)] as uPlot.AlignedData,
  };
  columns.set(charts, made);
  return made;
}

function alarmChart(charts: Charts): VNode {
  return h(
    'figure',
    { key: 'alarms' },
    h(
      'figcaption',
      null,
      'Alarms in 5 minutes',
      legend(['key-muted', 'alarms'], ['key-bad', 'of them failed']),
    ),
    chart({
      key: 'chart',
      label: `Alarms. ${describeAlarms(charts, undefined)}`,
      data: columnsOf(charts).alarms,
      heightPx: 130,
      describe: (index) => describeAlarms(charts, index),
      plot: (colours) => ({
        sync: 'day',
        scales: { y: { range: countRange } },
        axes: [timeAxis(colours), countAxis(colours)],
        series: [
          {},
          { fill: colours.muted, width: 0, points: { show: false }, ...pathsOf(0.8) },
          { fill: colours.bad, width: 0, points: { show: false }, ...pathsOf(0.8) },
        ],
      }),
    }),
  );
}

function reactionChart(charts: Charts): VNode {
  return h(
    'figure',
    { key: 'reaction' },
    h(
      'figcaption',
      null,
      'Reaction, from the alarm to its restart',
      legend(['key-run', 'median'], ['key-ring', '95th percentile']),
    ),
    chart({
      key: 'chart',
      label: `Reaction. ${describeReaction(charts, undefined)}`,
      data: columnsOf(charts).reaction,
      heightPx: 130,
      describe: (index) => describeReaction(charts, index),
      plot: (colours) => ({
        sync: 'day',
        scales: { y: { distr: LOG, range: msRange } },
        axes: [timeAxis(colours), msAxis(colours)],
        series: [
          {},
          { ...dots, points: { show: true, size: 5, width: 1, stroke: colours.muted, fill: 'transparent' } },
          { ...dots, points: { show: true, size: 5, width: 0, fill: colours.run } },
        ],
      }),
    }),
  );
}

/** Each column stands for itself: a line between two would tell of a time in which nothing was. */
const dots: uPlot.Series = { paths: () => null };

function pathsOf(size: number): Pick<uPlot.Series, 'paths'> {
  const paths = bars(size);
  return paths ? { paths } : {};
}
