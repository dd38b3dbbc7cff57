import type { Connection } from 'mysql2/promise';
import { freePort } from '../../test/support/database/free-port.js';
import { writeUsers } from '../../test/support/web/web-scene.js';
import { measureReactions, PROCESSES } from '../reaction/measure-reactions.js';
import { type Bench, type BenchContext, byForm } from '../support/bench.js';
import { type Contender, interleave } from '../support/interleave.js';
import { readUsage } from '../support/process-usage.js';
import { quantilesOf } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import { openStage, type Stage } from '../support/stage.js';
import { openPages } from './open-pages.js';

const PAGES = 50;
const ROUNDS = { quick: 1, default: 3, full: 10 } as const;
const SAMPLES_A_ROUND = { quick: 30, default: 100, full: 120 } as const;
const UNHEARD = 20;
const AIM = 1.05;

/** How much the page costs: nothing but some memory when nobody looks, and no reaction when fifty do. */
export const pages: Bench = {
  name: 'pages',
  what: `the reaction with ${PAGES} open pages, against the same service with none, and the memory of the page`,
  async run(context) {
    const stage = await openStage(context, { processes: PROCESSES });
    await writeUsers(stage.workspace);
    return stage.database.session(async (connection) => {
      const off = contender(stage, context, connection, 'no page', 0);
      const open = contender(stage, context, connection, `${PAGES} pages`, PAGES);
      const measured = await interleave({
        contenders: [off, open],
        rounds: byForm(context.form, ROUNDS),
        warmUps: context.form === 'quick' ? 0 : 1,
        random: context.random,
        onRound: (round, name) => context.say(`round ${round}: ${name}`),
      });
      const without = measured.get(off.name) ?? [];
      const within = measured.get(open.name) ?? [];
      return { figures: [...reactionFigures(within, without), await measureMemory(stage)] };
    });
  },
};

/** Started for each round, always with `[web] listen`: what is compared is whether somebody looks. */
function contender(
  stage: Stage,
  { form, random }: BenchContext,
  connection: Connection,
  name: string,
  count: number,
): Contender<number> {
  return {
    name,
    async round(isWarmUp) {
      const port = await freePort();
      const password_file = stage.workspace.path('web-users');
      const daemon = await stage.watch({ web: { listen: `127.0.0.1:${port}`, password_file } });
      await daemon.waitForLine(/the page is at/);
      const close = await openPages(port, count);
      let from = daemon.lines().length;
      const reactions = await measureReactions(stage, {
        ...{ connection, random },
        samples: isWarmUp ? 1 : UNHEARD + byForm(form, SAMPLES_A_ROUND),
        async settle(processId) {
          from = (await daemon.waitForLine(new RegExp(` p${processId}: alarm cleared`), { from })).index + 1;
        },
      });
      close();
      await daemon.stop();
      return reactions.slice(UNHEARD);
    },
  };
}

function reactionFigures(within: readonly number[], without: readonly number[]): Figure[] {
  const ours = quantilesOf(within);
  const base = quantilesOf(without);
  return (['p50', 'p99'] as const).map((quantile) => ({
    what: `reaction with ${PAGES} open pages, ${quantile}`,
    unit: 'ms',
    value: ours[quantile],
    baseline: { what: 'no page open', value: base[quantile] },
    samples: ours.samples,
    ...(quantile === 'p50' && { aim: { of: 'ratio', atMost: AIM } as const, isHeadline: true }),
  }));
}

/** One after the other: two services of one state file exclude each other. */
async function measureMemory(stage: Stage): Promise<Figure> {
  const off = await stage.watch();
  const { residentMb: without } = await readUsage(off.pid);
  await off.stop();
  const on = await stage.watch({ web: { listen: `127.0.0.1:${await freePort()}` } });
  await on.waitForLine(/the page is at/);
  const { residentMb: within } = await readUsage(on.pid);
  await on.stop();
  return {
    what: 'resident memory with [web] listen, nobody looking',
    unit: 'MB',
    value: within,
    baseline: { what: 'without [web]', value: without },
  };
}
