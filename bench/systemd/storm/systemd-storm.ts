import { type Bench, type BenchContext, byForm } from '../../support/bench.js';
import { interleave } from '../../support/interleave.js';
import { type HostStage, openHostStage } from '../host-stage.js';
import { numbered, simpleUnit } from '../units.js';
import { runRestartLoop, runUnitStorm, type UnitStorm } from './run-unit-storm.js';
import { unitStormFigures } from './unit-storm-figures.js';

const UNITS = 200;
/** A storm is its own average; more of them show how far two of them differ. */
const ROUNDS = { quick: 1, default: 2, full: 3 } as const;
const SLOTS = [4, 16] as const;

/** Many units go into alarm in one statement, of the service as it is installed. */
export const systemdStorm: Bench = {
  name: 'systemd-storm',
  what: `the service as a unit: ${UNITS} units go into alarm in one statement: until all are cleared`,
  underSystemd: true,
  async run(context) {
    const names = numbered('storm', UNITS);
    const stage = await openHostStage(context, {
      units: Object.fromEntries(names.map((name) => [`${name}.service`, simpleUnit()])),
      processes: names,
    });
    const outcomes: UnitStormOutcome[] = [];
    for (const slots of SLOTS) outcomes.push(await compare(stage, context, slots));
    return {
      figures: outcomes.flatMap(unitStormFigures),
      host: stage.facts,
      remarks: [
        `${UNITS} units of Type=simple, a shell each; the check is the one built in; stable_for is 0.5 s`,
        'the loop is `xargs -n1 -P SLOTS systemctl restart`, and neither waits nor checks',
      ],
    };
  },
};

/** What storms at one number of slots came to. */
export interface UnitStormOutcome {
  readonly count: number;
  readonly slots: number;
  readonly storms: readonly UnitStorm[];
  /** How long each of the bare loops took, ms. */
  readonly loops: readonly number[];
}

async function compare(
  stage: HostStage,
  { form, random, say }: BenchContext,
  slots: number,
): Promise<UnitStormOutcome> {
  await stage.restart({
    monitor: { max_parallel_restarts: slots },
    'process.default': { restart_strategy: 'service' },
  });
  const storms: UnitStorm[] = [];
  const loops: number[] = [];
  await interleave<never>({
    contenders: [
      {
        name: 'service',
        round: async () => {
          const outcome = await runUnitStorm(stage, UNITS);
          for (const failure of outcome.failures.slice(0, 5)) say(failure);
          storms.push(outcome);
          return [];
        },
      },
      {
        name: 'loop',
        round: async () => {
          loops.push(await runRestartLoop(stage, UNITS, slots));
          return [];
        },
      },
    ],
    rounds: byForm(form, ROUNDS),
    warmUps: 0,
    random,
    onRound: (round, name) => say(`${slots} slots, round ${round}: ${name}`),
  });
  return { count: UNITS, slots, storms, loops };
}
