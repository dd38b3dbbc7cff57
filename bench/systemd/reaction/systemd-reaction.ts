import { type Bench, byForm } from '../../support/bench.js';
import { interleave } from '../../support/interleave.js';
import { openHostStage } from '../host-stage.js';
import { notifyUnit, numbered, simpleUnit } from '../units.js';
import { type Moment, reactionContenders } from './reaction-contenders.js';
import { reactionFigures } from './reaction-figures.js';

/** Each contender takes one sample in each round. */
const ROUNDS = { quick: 30, default: 100, full: 300 } as const;
/** Rounds that are not counted: V8 is still compiling. */
const WARM_UPS = { quick: 5, default: 10, full: 20 } as const;
/** So few restarts of each process that none of them looks like one that fails all the time. */
const RESTARTS_EACH = 5;

/** One alarm at a time, of the service as it is installed. */
export const systemdReaction: Bench = {
  name: 'systemd-reaction',
  what: 'the service as a unit, one alarm at a time: until its command runs, its unit runs, it is cleared',
  underSystemd: true,
  async run(context) {
    const { form, random, say } = context;
    const rounds = byForm(form, ROUNDS);
    const warmUps = byForm(form, WARM_UPS);
    const each = Math.ceil((rounds + warmUps) / RESTARTS_EACH);
    const names = {
      command: numbered('command', each),
      simple: numbered('simple', each),
      auto: numbered('auto', each),
      notify: numbered('notify', each),
    };
    const units = [
      ...[...names.simple, ...names.auto].map((name) => [`${name}.service`, simpleUnit()] as const),
      ...names.notify.map((name) => [`${name}.service`, notifyUnit()] as const),
    ];
    const stage = await openHostStage(context, {
      units: Object.fromEntries(units),
      processes: Object.values(names).flat(),
    });
    const custom = {
      restart_strategy: 'custom',
      restart_command: stage.clock.command('started %s'),
      health_check_command: 'exit 0',
    };
    await stage.restart({
      'process.default': { restart_strategy: 'service' },
      ...Object.fromEntries(names.command.map((name) => [`process.${name}`, custom])),
      ...Object.fromEntries(names.auto.map((name) => [`process.${name}`, { restart_strategy: 'auto' }])),
    });
    const measured = await interleave<Moment>({
      contenders: reactionContenders(stage, names, random),
      ...{ rounds, warmUps, random },
      onRound: (round, name) => {
        if (name === 'command' && round % 10 === 0) say(`round ${round}`);
      },
    });
    return {
      figures: reactionFigures(measured),
      host: stage.facts,
      remarks: [
        'the bare calls are made from a process that runs on the host already, as the service does',
        'a unit is one shell that says that it runs; the check is the one built in; stable_for is 0.5 s',
      ],
    };
  },
};
