import { type Bench, type BenchContext, byForm } from '../support/bench.js';
import { interleave } from '../support/interleave.js';
import { openStage, type Stage } from '../support/stage.js';
import { drawStorms } from './draw-storms.js';
import { type LoopResult, runLoop } from './run-loop.js';
import { runStorm, type StormResult } from './run-storm.js';
import { createStormCommands } from './storm-commands.js';
import { stormFigures, stormSeries } from './storm-figures.js';

const PROCESSES = { quick: 200, default: 2000, full: 10_000 } as const;
/** A storm is its own average: it consists of thousands of restarts. */
const ROUNDS = 1;
const SLOTS = [4, 16] as const;

/** Item 2 of what is measured: everything fails at once. */
export const storm: Bench = {
  name: 'storm',
  what: 'many processes go into alarm in one statement: until all are answered, against a loop that only runs their commands',
  draw: drawStorms,
  async run(context) {
    const count = byForm(context.form, PROCESSES);
    const stage = await openStage(context, { processes: count + 1 });
    const outcomes: StormOutcome[] = [];
    for (const slots of SLOTS) outcomes.push(await compare(stage, context, count, slots));
    return {
      figures: outcomes.flatMap(stormFigures),
      series: outcomes.flatMap(stormSeries),
      remarks: [
        `${count} processes; a restart and a health check are one shell each, in the loop as in the service`,
        'slots are given in order of arrival: one more process, raised when half are answered, waits for the other half',
      ],
    };
  },
};

/** What storms at one number of slots came to. */
export interface StormOutcome {
  readonly count: number;
  readonly slots: number;
  readonly storms: readonly StormResult[];
  readonly loops: readonly LoopResult[];
}

async function compare(
  stage: Stage,
  { random, say, closers }: BenchContext,
  count: number,
  slots: number,
): Promise<StormOutcome> {
  const storms: StormResult[] = [];
  const loops: LoopResult[] = [];
  await interleave<never>({
    contenders: [
      {
        name: 'service',
        round: async () => {
          storms.push(await runStorm(stage, count, slots));
          return [];
        },
      },
      {
        name: 'loop',
        round: async () => {
          loops.push(await runLoop(count, slots, await createStormCommands(stage.workspace), closers));
          return [];
        },
      },
    ],
    rounds: ROUNDS,
    // Thousands of commands in each warm themselves up.
    warmUps: 0,
    random,
    onRound: (round, name) => say(`${slots} slots, round ${round}: ${name}`),
  });
  return { count, slots, storms, loops };
}
