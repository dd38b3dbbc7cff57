import { startPacedLoad } from '../load/start-paced-load.js';
import { type Bench, type BenchContext, byForm } from '../support/bench.js';
import { interleave } from '../support/interleave.js';
import { distributionOf } from '../support/quantiles.js';
import type { Series } from '../support/result.js';
import { openStage, type Stage } from '../support/stage.js';
import { floorContender, serviceContender } from './contenders.js';
import { drawReactions } from './draw-reactions.js';
import { measurePolling, POLLED_EVERY_S } from './measure-polling.js';
import { PROCESSES } from './measure-reactions.js';
import { firstFigure, pollingFigures, reactionFigures } from './reaction-figures.js';

/** Transactions a second on tables that are not ours. */
const LOAD_PER_S = 1000;
/** Of each contender. */
const ROUNDS = { quick: 1, default: 3, full: 10 } as const;
const SAMPLES_A_ROUND = { quick: 30, default: 100, full: 120 } as const;
const UNHEARD = { quick: 10, default: 20, full: 20 } as const;
const POLLED_SAMPLES = { quick: 30, default: 200, full: 300 } as const;

/** Item 1 of what is measured: how long after the commit the restart begins. */
export const reaction: Bench = {
  name: 'reaction',
  what: 'from the commit of an alarm to the first instruction of the restart command',
  draw: drawReactions,
  async run(context) {
    const stage = await openStage(context, { processes: PROCESSES });
    const idle = await compare(stage, context);
    const load = await startPacedLoad(stage.server, LOAD_PER_S, context.closers);
    const loaded = await compare(stage, context);
    const rate = load.rate();
    await load.stop();
    context.say(`the load was ${rate} transactions/s; polling every ${POLLED_EVERY_S} s now`);
    const polled = await measurePolling(stage, context, byForm(context.form, POLLED_SAMPLES));

    const series: Series[] = [
      { name: 'service, idle', points: distributionOf(idle.service) },
      { name: 'floor, idle', points: distributionOf(idle.floor) },
      { name: 'service, under load', points: distributionOf(loaded.service) },
      { name: 'floor, under load', points: distributionOf(loaded.floor) },
      { name: `polling every ${POLLED_EVERY_S} s`, points: distributionOf(polled) },
    ];
    return {
      figures: [
        ...reactionFigures('idle', idle),
        ...reactionFigures('under load', loaded),
        firstFigure(idle),
        ...pollingFigures(polled, POLLED_EVERY_S, idle.service),
      ],
      series,
      remarks: [`under load: ${rate} transactions/s on other tables, ${LOAD_PER_S} asked for`],
    };
  },
};

export interface Compared {
  readonly service: readonly number[];
  readonly floor: readonly number[];
  /** The first reaction of each process. */
  readonly firsts: { readonly service: readonly number[]; readonly floor: readonly number[] };
}

async function compare(stage: Stage, context: BenchContext): Promise<Compared> {
  const { form, random, say } = context;
  return stage.database.session(async (connection) => {
    const options = {
      ...{ stage, context, connection },
      samples: byForm(form, SAMPLES_A_ROUND),
      unheard: byForm(form, UNHEARD),
    };
    const measured = await interleave({
      contenders: [serviceContender(options), floorContender(options)],
      rounds: byForm(form, ROUNDS),
      warmUps: form === 'quick' ? 0 : 1,
      random,
      onRound: (round, name) => say(`round ${round}: ${name}`),
    });
    const of = (name: string, first: boolean): number[] =>
      (measured.get(name) ?? []).filter(({ isFirst }) => isFirst === first).map(({ ms }) => ms);
    const firsts = { service: of('service', true), floor: of('floor', true) };
    return { service: of('service', false), floor: of('floor', false), firsts };
  });
}
