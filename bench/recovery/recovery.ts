import { startTcpProxy } from '../../test/support/faults/tcp-proxy.js';
import { type Bench, type BenchContext, byForm } from '../support/bench.js';
import { type Contender, interleave } from '../support/interleave.js';
import { openStage } from '../support/stage.js';
import { cutNetwork, type Outage, restartServer } from './outages.js';
import { floorRecovery, type Recovery, type RecoveryScene, serviceRecovery } from './recoveries.js';
import { recoveryFigures } from './recovery-figures.js';

const SHORT_S = 1;
const ROUNDS = { quick: 1, default: 2, full: 10 } as const;
/** So long that the back-off has grown: to 30 s, which is its end, in the full form. */
const LONG_S = { quick: 4, default: 15, full: 60 } as const;
const LONG_ROUNDS = { quick: 1, default: 1, full: 3 } as const;

/** Item 5: the server, or the network, comes back. */
export const recovery: Bench = {
  name: 'recovery',
  what: 'from the moment at which the server can be reached again',
  async run(context) {
    const stage = await openStage(context, { processes: 200 });
    const proxy = await startTcpProxy(stage.server.port);
    context.closers.add(() => proxy.close());
    let last = 0;
    const nextProcess = (): number => {
      last += 1;
      return last;
    };
    const scene: RecoveryScene = { stage, proxy, nextProcess, closers: context.closers };
    const longS = byForm(context.form, LONG_S);
    const restart = await compare(scene, context, restartServer(scene, SHORT_S));
    const cut = await compare(scene, context, cutNetwork(scene, SHORT_S));
    const long: Recovery[] = [];
    for (let round = 0; round < byForm(context.form, LONG_ROUNDS); round += 1) {
      context.say(`an outage of ${longS} s`);
      long.push(await serviceRecovery(scene, cutNetwork(scene, longS)));
    }
    return recoveryFigures({ restart, cut, long, shortS: SHORT_S, longS });
  },
};

async function compare(scene: RecoveryScene, { form, random, say }: BenchContext, outage: Outage) {
  const contender = (name: string, recover: typeof serviceRecovery): Contender<Recovery> => ({
    name,
    round: async () => [await recover(scene, outage)],
  });
  const measured = await interleave({
    contenders: [contender('service', serviceRecovery), contender('floor', floorRecovery)],
    rounds: byForm(form, ROUNDS),
    warmUps: 0,
    random,
    onRound: (round, name) => say(`${outage.what}, round ${round}: ${name}`),
  });
  return { service: measured.get('service') ?? [], floor: measured.get('floor') ?? [] };
}
