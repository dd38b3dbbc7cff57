import { execFileSync } from 'node:child_process';
import { findProcesses } from '../../src/restart/processes/find-processes.js';
import { waitFor } from '../../test/support/restart/wait-for.js';
import { type Bench, byForm } from '../support/bench.js';
import { interleave } from '../support/interleave.js';
import { monotonicMs } from '../support/monotonic.js';
import { quantilesOf } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import { openStage, type Stage } from '../support/stage.js';
import { startCrowd } from './start-crowd.js';

const CROWD = { quick: 500, default: 12_000, full: 12_000 } as const;
const ROUNDS = { quick: 2, default: 10, full: 20 } as const;

/** A daemon that runs bare, found by its name among all other processes of the host. */
export const finding: Bench = {
  name: 'finding',
  what: 'an alarm of a process without a unit on a host full of processes',
  async run(context) {
    const { form, random, closers, say } = context;
    const [crowd, rounds] = [byForm(form, CROWD), byForm(form, ROUNDS)];
    const stage = await openStage(context, { processes: 1 });
    const name = stage.workspace.name();
    const file = await stage.workspace.executable(name);
    // Its parent is init, as that of every daemon: it is not waited for to start the daemon again.
    execFileSync('/bin/sh', ['-c', `setsid ${file} 86400 </dev/null >/dev/null 2>&1 &`]);
    await waitFor('the daemon', async () => (await pidsOf(name)).length === 1);
    const daemon = await stage.watch({
      'process.p1': {
        ...{ system_name: name, restart_strategy: 'process', restart_command: '', health_check_command: '' },
      },
    });
    const measure = async (): Promise<ReadonlyMap<string, readonly number[]>> =>
      interleave<number>({
        contenders: [
          { name: 'finding', round: async () => [await timeOf(() => findOnly(name))] },
          { name: 'pgrep', round: async () => [await timeOf(() => execFileSync('pgrep', ['-f', file]))] },
          { name: 'alarm', round: async () => [await answerAlarm(stage, daemon, name)] },
        ],
        rounds,
        random,
      });
    const before = await measure();
    await startCrowd(crowd, closers);
    say(`${crowd} processes`);
    const among = await measure();
    return {
      figures: [
        figure('finding it by its name', 'a few processes', before.get('finding'), among.get('finding')),
        figure('finding it by its name, beside pgrep', 'pgrep -f', among.get('pgrep'), among.get('finding')),
        figure('from the commit to cleared', 'a few processes', before.get('alarm'), among.get('alarm')),
      ],
      remarks: [
        `${crowd.toLocaleString('en-US')} processes that sleep; the daemon is stopped and started in each alarm`,
      ],
    };
  },
};

function figure(
  what: string,
  baseline: string,
  with_: readonly number[] = [],
  measured: readonly number[] = [],
): Figure {
  const { p50, samples } = quantilesOf(measured);
  return {
    ...{ what: `${what}, p50`, unit: 'ms', value: p50, samples },
    baseline: { what: baseline, value: quantilesOf(with_).p50 },
  };
}

async function pidsOf(name: string): Promise<number[]> {
  return (await findProcesses(name)).instances.map(({ root }) => root.pid);
}

async function findOnly(name: string): Promise<number> {
  const [pid, ...more] = await pidsOf(name);
  if (pid === undefined || more.length > 0) throw new Error(`${name} was found ${more.length + 1} times`);
  return pid;
}

async function timeOf(work: () => unknown): Promise<number> {
  const from = monotonicMs();
  await work();
  return monotonicMs() - from;
}

/** Raises its alarm. The same process, or two of them, would be a wrong answer. */
async function answerAlarm(
  { database }: Stage,
  daemon: Awaited<ReturnType<Stage['watch']>>,
  name: string,
): Promise<number> {
  const before = await findOnly(name);
  const from = daemon.lines().length;
  const raisedAt = monotonicMs();
  await database.raise(1);
  await daemon.waitForLine(/\bp1: alarm cleared/, { from });
  const ms = monotonicMs() - raisedAt;
  if ((await findOnly(name)) === before) throw new Error(`${name} was not restarted`);
  return ms;
}
