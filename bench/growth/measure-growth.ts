import { loadConfig } from '../../src/config/load-config.js';
import { openDatabase } from '../../src/db/connection/database.js';
import { openAlarmTable } from '../../src/db/tables/alarm-table.js';
import type { PageKey } from '../../src/domain/alarm/standing-page.js';
import { measureReactions } from '../reaction/measure-reactions.js';
import { type BenchContext, byForm } from '../support/bench.js';
import { readUsage } from '../support/process-usage.js';
import { median } from '../support/quantiles.js';
import { openStage } from '../support/stage.js';

interface GrowthOptions {
  /** In the table. */
  readonly processes: number;
  /** How many of them stand in alarm all the while. */
  readonly standing: number;
  readonly samples: number;
}

export interface GrowthResult extends Omit<GrowthOptions, 'samples'> {
  readonly reactionMs: number;
  readonly reconcileMs: number;
  readonly residentMb: number;
}

/** Those whose alarms are measured, the first of the table. */
const REACTING = 10;
const RECONCILES = 30;
const UNHEARD = { quick: 3, default: 20, full: 20 } as const;

/** A server and a service for each: no size inherits what the one before has left in memory. */
export async function measureGrowth(context: BenchContext, options: GrowthOptions): Promise<GrowthResult> {
  const { closers, random, say, form } = context;
  const { processes, standing, samples } = options;
  say(`${processes} processes, ${standing} standing alarms`);
  const stage = await openStage(context, { processes });
  const last = REACTING + standing;
  const excluded = Array.from({ length: standing }, (_, index) => `p${REACTING + 1 + index}`);
  await stage.database.query(
    'UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id > ? AND process_id <= ?',
    [REACTING, last],
  );
  const daemon = await stage.watch(standing === 0 ? {} : { monitor: { exclude: excluded.join(', ') } });
  const unheard = byForm(form, UNHEARD);
  const reactions = await stage.database.session(async (connection) => {
    let from = daemon.lines().length;
    return measureReactions(stage, {
      connection,
      samples: unheard + samples,
      random,
      processes: REACTING,
      async settle(processId) {
        from = (await daemon.waitForLine(new RegExp(` p${processId}: alarm cleared`), { from })).index + 1;
      },
    });
  });
  const reconcileMs = await measureReconcile(daemon.configFile);
  const { residentMb } = await readUsage(daemon.pid);
  await closers.close();
  return { processes, standing, reactionMs: median(reactions.slice(unheard)), reconcileMs, residentMb };
}

/** By the code of the service, on a connection of our own, ms. */
async function measureReconcile(configFile: string): Promise<number> {
  const config = loadConfig(configFile);
  const database = openDatabase(config.database);
  try {
    const table = openAlarmTable(database, config.monitor);
    const took: number[] = [];
    for (let count = 0; count < RECONCILES; count += 1) {
      const startedAt = performance.now();
      let after: PageKey | undefined;
      do after = (await table.readStanding(after)).upTo;
      while (after !== undefined);
      took.push(performance.now() - startedAt);
    }
    return median(took);
  } finally {
    await database.close();
  }
}
