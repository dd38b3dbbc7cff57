import { type Bench, byForm } from '../support/bench.js';
import type { Form, Series } from '../support/result.js';
import { drawGrowth } from './draw-growth.js';
import { growthFigures } from './growth-figures.js';
import { type GrowthResult, measureGrowth } from './measure-growth.js';

const SIZES: Record<Form, readonly number[]> = {
  quick: [10, 1000],
  default: [10, 1000, 10_000],
  full: [10, 1000, 100_000],
};
const STANDING: Record<Form, readonly number[]> = {
  quick: [1, 100],
  default: [1, 100, 1000],
  full: [1, 10, 100, 1000],
};
/** Processes in the table while it is alarms that grow. */
const TABLE = 1100;
const SAMPLES = { quick: 10, default: 60, full: 300 } as const;

/** Item 7 of what is measured: what grows with the table, and what with the alarms that stand in it. */
export const growth: Bench = {
  name: 'growth',
  what: 'reaction, reconcile and memory with more processes in the table, and with more alarms that stand in it',
  draw: drawGrowth,
  async run(context) {
    const { form } = context;
    const samples = byForm(form, SAMPLES);
    const sizes: GrowthResult[] = [];
    for (const processes of byForm(form, SIZES)) {
      sizes.push(await measureGrowth(context, { processes, standing: 0, samples }));
    }
    const alarms: GrowthResult[] = [];
    for (const standing of byForm(form, STANDING)) {
      alarms.push(await measureGrowth(context, { processes: TABLE, standing, samples }));
    }
    return {
      figures: [
        ...growthFigures(sizes, ({ processes }) => `${processes.toLocaleString('en-US')} processes`),
        ...growthFigures(alarms, ({ standing }) => `${standing.toLocaleString('en-US')} standing`),
      ],
      series: [
        ...seriesOf('processes', sizes, ({ processes }) => processes),
        ...seriesOf('standing alarms', alarms, ({ standing }) => standing),
      ],
      remarks: [
        'reconcile: the SELECT of the standing alarms and the reading of its answer, by the code of the service',
        `standing alarms are of processes under exclude: they are read by every reconcile and never answered; ${TABLE} processes`,
      ],
    };
  },
};

function seriesOf(
  name: string,
  results: readonly GrowthResult[],
  x: (result: GrowthResult) => number,
): Series[] {
  return [
    { name: `${name}: reaction, ms`, points: results.map((result) => [x(result), result.reactionMs]) },
    { name: `${name}: reconcile, ms`, points: results.map((result) => [x(result), result.reconcileMs]) },
    { name: `${name}: memory, MB`, points: results.map((result) => [x(result), result.residentMb]) },
  ];
}
