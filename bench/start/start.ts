import { type Bench, byForm } from '../support/bench.js';
import { interleave } from '../support/interleave.js';
import { median, quantilesOf } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import { openStage } from '../support/stage.js';
import { type Start, startBareNode, startFloor, startService } from './starts.js';

const ROUNDS = { quick: 2, default: 10, full: 40 } as const;

/** Item 6: from exec to ready, and to the restart of a process that stood in alarm before. */
export const start: Bench = {
  name: 'start',
  what: 'from exec to ready, and to the first restart for an alarm that stood before',
  async run(context) {
    const rounds = byForm(context.form, ROUNDS);
    // A process of its own for every start: no state file knows anything of it.
    const stage = await openStage(context, { processes: 4 * (rounds + 1) });
    let last = 0;
    const nextProcess = (): number => {
      last += 1;
      return last;
    };
    const measured = await interleave<Start>({
      contenders: [
        { name: 'service', round: async () => [await startService(stage, nextProcess())] },
        { name: 'floor', round: async () => [await startFloor(stage, context.closers, nextProcess())] },
        { name: 'node', round: async () => [await startBareNode()] },
      ],
      rounds,
      random: context.random,
    });
    const of = (name: string): readonly Start[] => measured.get(name) ?? [];
    return { figures: figuresOf(of('service'), of('floor'), of('node')) };
  },
};

function figuresOf(service: readonly Start[], floor: readonly Start[], node: readonly Start[]): Figure[] {
  const bareNode = median(node.map(({ readyMs }) => readyMs));
  const all = [
    ['exec to ready', (start: Start) => start.readyMs],
    ['exec to watching the binlog', (start: Start) => start.streamingMs],
    ['exec to the first restart for a standing alarm', (start: Start) => start.restartMs],
  ] as const;
  return all.map(([what, timeOf], index) => {
    const ours = quantilesOf(service.map(timeOf));
    const bare = median(floor.map(timeOf));
    return {
      what: `${what}, p50`,
      unit: 'ms',
      value: ours.p50,
      baseline:
        index === 0 ? { what: 'bare node', value: bareNode } : { what: 'bare zongji and spawn', value: bare },
      samples: ours.samples,
      isHeadline: index === 2,
    };
  });
}
