import { fillTable } from '../../test/support/service/fill-table.js';
import { type Bench, byForm } from '../support/bench.js';
import type { Figure } from '../support/result.js';
import { openStage } from '../support/stage.js';
import { type Flood, type FloodResult, measureFlood } from './measure-flood.js';

const PROCESSES = { quick: 100_000, default: 1_000_000, full: 1_000_000 } as const;
const WATCHED_S = { quick: 5, default: 15, full: 60 } as const;

const FLOODS: readonly (Flood & { readonly name: string; readonly refused?: number })[] = [
  { name: 'one UPDATE', isUpdate: true },
  { name: 'raised before the start' },
  { name: 'acknowledge = none', config: { monitor: { acknowledge: 'none' } } },
  { name: '100,000 refused in front', refused: 100_000 },
];

/** What a table full of alarms costs: it is read in pages, and so many of its alarms wait in memory, no more. */
export const million: Bench = {
  name: 'million',
  what: 'a million alarms that stand at once: memory, the first restart, and whether status answers',
  async run(context) {
    const { form, say } = context;
    const processes = byForm(form, PROCESSES);
    const stage = await openStage(context, { processes: 0 });
    say(`${processes} processes`);
    await fillTable(stage.database, processes);
    const figures: Figure[] = [];
    for (const { name, refused, ...flood } of FLOODS) {
      if (refused !== undefined) {
        await stage.database.query(
          `UPDATE PROCESE SET process_name = CONCAT('a name ', process_id) WHERE process_id <= ?`,
          [Math.min(refused, processes / 10)],
        );
      }
      const result = await measureFlood(stage, flood, byForm(form, WATCHED_S));
      say(`${name}: ${JSON.stringify(result)}`);
      figures.push(...figuresOf(name, result));
    }
    return { figures, remarks: [`${processes.toLocaleString('en-US')} alarms, 4 slots`] };
  },
};

function figuresOf(
  name: string,
  { firstRestartMs, peakMb, slowestStatusMs, restarts }: FloodResult,
): Figure[] {
  return [
    {
      what: `${name}: until the first restart`,
      unit: 's',
      value: firstRestartMs / 1000,
      aim: { of: 'value', atMost: 5 },
      isHeadline: true,
    },
    {
      what: `${name}: peak memory`,
      unit: 'MB',
      value: peakMb,
      aim: { of: 'value', atMost: 250 },
      isHeadline: true,
    },
    {
      what: `${name}: slowest status`,
      unit: 's',
      value: slowestStatusMs / 1000,
      aim: { of: 'value', atMost: 1 },
    },
    { what: `${name}: restarts while it was watched`, unit: 'count', value: restarts },
  ];
}
