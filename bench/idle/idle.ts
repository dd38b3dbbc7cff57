import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, byForm } from '../support/bench.js';
import { startHelper } from '../support/helper-process.js';
import { type ProcessUsage, readUsage } from '../support/process-usage.js';
import type { Figure } from '../support/result.js';
import { openStage } from '../support/stage.js';
import { countQuestions } from './count-questions.js';

const PROCESSES = 1000;
const WINDOW_S = { quick: 10, default: 60, full: 600 } as const;
/** The default of `config.ini` is 300 s; with less there is something to count in a window of any length. */
const CHECK_INTERVAL_S = { quick: 5, default: 15, full: 60 } as const;
/** After its start a service still has things to throw away. */
const SETTLE_S = { quick: 2, default: 10, full: 60 } as const;
/** A Node that does nothing: a timer a second, so that it lives. */
const BARE_NODE = "process.stdin.on('end', () => process.exit(0)).resume(); setInterval(() => {}, 1000)";

/** Item 4 of what is measured: what it costs that nothing happens. */
export const idle: Bench = {
  name: 'idle',
  what: `${PROCESSES} processes in the table, no alarm: what the service costs, against a Node that does nothing`,
  async run(context) {
    const { form, closers, say } = context;
    const seconds = byForm(form, WINDOW_S);
    const interval = byForm(form, CHECK_INTERVAL_S);
    const stage = await openStage(context, { processes: PROCESSES });
    const daemon = await stage.watch({ monitor: { check_interval: interval } });
    // At the same time: neither of two that do nothing is in the other's way.
    const bare = await startHelper(['-e', BARE_NODE], {}, closers);
    await delay(byForm(form, SETTLE_S) * 1000);
    say(`${seconds} s of nothing`);

    const [before, after, statements] = await stage.database.session(async (connection) => {
      const questions = await countQuestions(connection);
      const first = await Promise.all([daemon.pid, bare.pid].map((pid) => readUsage(pid)));
      await delay(seconds * 1000);
      const last = await Promise.all([daemon.pid, bare.pid].map((pid) => readUsage(pid)));
      // Our own question is one of them.
      return [first, last, (await countQuestions(connection)) - questions - 1] as const;
    });
    const [service, floor] = before.map((first, index) => spent(first, after[index] ?? first, seconds));
    if (!service || !floor) throw new Error('nobody was looked at');
    return {
      figures: idleFigures(service, floor, (statements * interval) / seconds),
      remarks: [
        `${seconds} s, check_interval ${interval} s, heartbeats of the server every 5 s`,
        `${statements} statements by the server's own count, ${service.threads} threads`,
      ],
    };
  },
};

interface Spent {
  /** Of one core. */
  readonly percent: number;
  readonly switchesPerSecond: number;
  readonly residentMb: number;
  readonly threads: number;
}

function spent(before: ProcessUsage, after: ProcessUsage, seconds: number): Spent {
  return {
    percent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    switchesPerSecond: (after.contextSwitches - before.contextSwitches) / seconds,
    residentMb: after.residentMb,
    threads: after.threads,
  };
}

function idleFigures(service: Spent, floor: Spent, statementsPerInterval: number): Figure[] {
  const what = 'bare Node';
  return [
    {
      what: 'processor time, of one core',
      unit: '%',
      value: service.percent,
      baseline: { what, value: floor.percent },
      aim: { of: 'value', atMost: 0.1 },
      isHeadline: true,
    },
    {
      what: 'context switches of all threads',
      unit: '1/s',
      value: service.switchesPerSecond,
      baseline: { what, value: floor.switchesPerSecond },
    },
    {
      what: 'resident memory',
      unit: 'MB',
      value: service.residentMb,
      baseline: { what, value: floor.residentMb },
      aim: { of: 'value', atMost: 80 },
      isHeadline: true,
    },
    {
      what: 'statements in each check_interval',
      unit: 'count',
      value: statementsPerInterval,
      aim: { of: 'value', atMost: 1 },
    },
  ];
}
