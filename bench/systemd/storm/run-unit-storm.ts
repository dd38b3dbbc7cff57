import { journal } from '../../../test/support/acceptance/install-service.js';
import { monotonicMs } from '../../support/monotonic.js';
import type { HostStage } from '../host-stage.js';
import { readUnitUsage } from '../unit-usage.js';

export interface UnitStorm {
  /** From the commit of the one UPDATE until the last alarm was cleared, ms. */
  readonly tookMs: number;
  /** Units that were restarted, and restarts in all. */
  readonly restarted: number;
  readonly restarts: number;
  readonly peakMb: number;
  /** What the service said of attempts that failed. */
  readonly failures: readonly string[];
}

/** Longer than any storm takes. */
const DEADLINE_MS = 15 * 60_000;

/** All processes of the table, 1 to `count`, in one statement. */
export async function runUnitStorm(stage: HostStage, count: number): Promise<UnitStorm> {
  const { host, connection, clock, clears } = stage;
  const words: string[] = [];
  const stop = clock.listen(({ word }) => words.push(word));
  const said = (await warnings(host)).length;
  await clears.reset();
  await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id <= ?', [count]);
  const committedAt = monotonicMs();
  const clearedAt = await clears.cleared(count, DEADLINE_MS);
  stop();
  return {
    tookMs: clearedAt - committedAt,
    restarted: new Set(words).size,
    restarts: words.length,
    peakMb: (await readUnitUsage(host, /^monitor_service\.service$/)).peakMb,
    failures: (await warnings(host)).slice(said),
  };
}

async function warnings(host: HostStage['host']): Promise<readonly string[]> {
  const lines = (await journal(host, '--priority=warning')).split('\n');
  return lines.filter((line) => /attempt \d+\/\d+ failed/.test(line));
}

/** The bare loop over the same units; how long it takes, ms. Waits until the last of them runs, which is not in it. */
export async function runRestartLoop(
  { clock, bare }: HostStage,
  count: number,
  slots: number,
): Promise<number> {
  const running = new Set<string>();
  const allRun = new Promise<void>((resolve) => {
    const stop = clock.listen(({ word }) => {
      running.add(word);
      if (running.size < count) return;
      stop();
      resolve();
    });
  });
  const loop = `seq -f storm-%g ${count} | xargs -n1 -P${slots} systemctl restart`;
  const { calledAt, returnedAt } = await bare.call('/bin/sh', '-c', loop);
  await allRun;
  return returnedAt - calledAt;
}
