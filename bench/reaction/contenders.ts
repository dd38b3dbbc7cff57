import type { Connection } from 'mysql2/promise';
import { startBareReaction } from '../floor/start-bare-reaction.js';
import type { BenchContext } from '../support/bench.js';
import type { Contender } from '../support/interleave.js';
import type { Stage } from '../support/stage.js';
import { measureReactions } from './measure-reactions.js';

export interface ContenderOptions {
  readonly stage: Stage;
  readonly context: BenchContext;
  /** On which alarms are raised. */
  readonly connection: Connection;
  /** Of each round. */
  readonly samples: number;
  /** Thrown away at the beginning of each round: a program that was just started is not the one that runs for weeks. */
  readonly unheard: number;
}

/** The service, started for each round and ended with it: only one of the two reads the binlog at any time. */
export function serviceContender(options: ContenderOptions): Contender<number> {
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
      return reactions.slice(unheard);
    },
  };
}

/** The floor: zongji's row event and a bare spawn, in a process of its own. */
export function floorContender(options: ContenderOptions): Contender<number> {
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
      return reactions.slice(unheard);
    },
  };
}
