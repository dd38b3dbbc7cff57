import { type Bench, byForm } from '../support/bench.js';
import { interleave } from '../support/interleave.js';
import { openStage } from '../support/stage.js';
import { findBinlogTool } from './binlog-tool.js';
import { busyFigures } from './busy-figures.js';
import { type FloodResult, measureFlood, PROCESSES } from './measure-flood.js';
import { type ReceiverKind, SERVICE, TOOL, ZONGJI } from './receivers.js';
import type { FloodKind } from './start-flood.js';

const SECONDS = { quick: 2, default: 3, full: 20 } as const;
const ROUNDS = { quick: 1, default: 1, full: 3 } as const;
const FLOODS: readonly FloodKind[] = ['small', 'bulk', 'wide', 'huge'];

/** Item 3 of what is measured: a server that has far more to do than alarms. */
export const busy: Bench = {
  name: 'busy',
  what: 'other tables are written as fast as the server can: what it costs to receive that, and how late an alarm is',
  async run(context) {
    const { kind, form, random, say } = context;
    const stage = await openStage(context, { processes: PROCESSES });
    const tool = findBinlogTool(kind.options.flavour);
    const receivers = [SERVICE, ZONGJI, ...(tool === undefined ? [] : [TOOL])];
    const measure = (flood: FloodKind, among: readonly ReceiverKind[], withAlarms: boolean) =>
      interleave<FloodResult>({
        contenders: among.map((receiver) => ({
          name: receiver.name,
          async round() {
            const seconds = byForm(form, SECONDS);
            return [await measureFlood(stage, context, { kind: flood, receiver, seconds, withAlarms })];
          },
        })),
        rounds: byForm(form, ROUNDS),
        warmUps: 0,
        random,
        onRound: (round, name) =>
          say(`${flood} transactions${withAlarms ? ' and alarms' : ''}, round ${round}: ${name}`),
      });
    const figures = [];
    for (const flood of FLOODS) {
      const costs = await measure(flood, receivers, false);
      const lags = await measure(flood, [SERVICE, ZONGJI], true);
      figures.push(...busyFigures(flood, costs, lags));
    }
    return {
      figures,
      remarks: [
        'small: one row; bulk: 1,000 rows; wide: 4 rows of 64 KB; huge: one transaction of 100 MB; on 4 connections',
        'bare zongji filters as the service does, and spawns the same command',
        tool === undefined
          ? 'not measured: the server’s own tool, which is not on this machine'
          : 'the server’s own tool copies the binlog as it is into files: the floor of receiving it all',
      ],
    };
  },
};
