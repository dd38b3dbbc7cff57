import type { Connection } from 'mysql2/promise';
import { startBareReaction } from '../floor/start-bare-reaction.js';
import type { BenchContext } from '../support/bench.js';
import type { Contender } from '../support/interleave.js';
import type { Stage } from '../support/stage.js';
import { measureReactions } from './measure-reactions.js';

interface ContenderOptions {
  readonly stage: Stage;
  readonly context: BenchContext;
  /** On which alarms are raised. */
  readonly connection: Connection;
  /** Of each round. */
  readonly samples: number;
  /** Not counted at the beginning of each round, but for the very first: V8 is still compiling. */
  readonly unheard: number;
}

/** One reaction, ms. */
interface Reaction {
  readonly ms: number;
  /** The very first of a process that was just started: its code has never run. */
  readonly isFirst: boolean;
}

/** The service, started for each round and ended with it: only one of the two reads the binlog at any time. */
export function serviceContender(options: ContenderOptions): Contender<Reaction> {
  const { stage, context, connection, samples, unheard } = options;
  return {
    name: 'service',
    async round(isWarmUp) {
      const daemon = await stage.watch();
      let from = daemon.lines().length;
      const reactions = await measureReactions(stage, {
        connection,
        samples: isWarmUp ? 1 : unheard + samples,
        random: context.random,
        async settle(processId) {
          from = (await daemon.waitForLine(new RegExp(` p${processId}: alarm cleared`), { from })).index + 1;
        },
      });
      await daemon.stop();
      return pick(reactions, unheard);
    },
  };
}

/** The floor: zongji's row event and a bare spawn, in a process of its own. */
export function floorContender(options: ContenderOptions): Contender<Reaction> {
  const { stage, context, connection, samples, unheard } = options;
  return {
    name: 'floor',
    async round(isWarmUp) {
      const floor = await startBareReaction(stage, context.closers);
      await floor.watch.waitFor(/^streaming$/, 0);
      const reactions = await measureReactions(stage, {
        connection,
        samples: isWarmUp ? 1 : unheard + samples,
        random: context.random,
        async settle(processId) {
          await connection.query('UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ?', [processId]);
        },
      });
      await floor.stop();
      return pick(reactions, unheard);
    },
  };
}

function pick(reactions: readonly number[], unheard: number): Reaction[] {
  const heard = reactions.slice(unheard).map((ms) => ({ ms, isFirst: false }));
  return [...reactions.slice(0, 1).map((ms) => ({ ms, isFirst: true })), ...heard];
}
