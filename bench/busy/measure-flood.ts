import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import type { BenchContext } from '../support/bench.js';
import { monotonicMs } from '../support/monotonic.js';
import { readUsage } from '../support/process-usage.js';
import type { Stage } from '../support/stage.js';
import type { Receiver, ReceiverKind } from './receivers.js';
import { type FloodKind, startFlood } from './start-flood.js';

export interface FloodResult {
  readonly transactions: number;
  readonly megabytes: number;
  readonly seconds: number;
  /** Of the receiver, for all of it. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** From the commit of an alarm to its restart command, ms; empty where none was raised. */
  readonly lagsMs: readonly number[];
}

interface FloodOptions {
  readonly kind: FloodKind;
  readonly receiver: ReceiverKind;
  /** A `huge` flood ends by itself. */
  readonly seconds: number;
  /** Whether alarms are raised all the while. They cost something themselves. */
  readonly withAlarms: boolean;
}

const ALARM_EVERY_MS = 200;
/** Whose alarms take turns: each is long over when its turn comes again. */
export const PROCESSES = 50;

/** One flood, and one who receives it to the last event. */
export async function measureFlood(
  stage: Stage,
  context: BenchContext,
  { kind, receiver: receiverKind, seconds, withAlarms }: FloodOptions,
): Promise<FloodResult> {
  const flood = await startFlood(stage.server, kind, context.closers);
  const receiver = await receiverKind.start(stage, context);
  const before = await readUsage(receiver.pid);
  const startedAt = performance.now();
  let isOver = false;
  flood.begin();
  const ended = flood.ended.finally(() => {
    isOver = true;
  });
  if (kind !== 'huge') void delay(seconds * 1000).then(() => flood.end());
  if (!withAlarms) await ended;
  const lagsMs = receiver.isReacting
    ? await stage.database.session((connection) => raiseUntil(stage, connection, receiver, () => isOver))
    : [];
  await ended;
  const took = (performance.now() - startedAt) / 1000;
  await receiver.caughtUp?.();
  const after = await readUsage(receiver.pid);
  await receiver.stop();
  await flood.stop();
  return {
    transactions: flood.transactions(),
    megabytes: flood.megabytes(),
    seconds: took,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakMb: after.peakMb,
    lagsMs,
  };
}

/** Raises one alarm after the other. The last is raised when all is over: who answers it has received everything. */
async function raiseUntil(
  { clock }: Stage,
  connection: Connection,
  { leavesAlarms }: Receiver,
  isOver: () => boolean,
): Promise<number[]> {
  const lags: number[] = [];
  for (let count = 0, isLast = false; !isLast; count += 1) {
    isLast = isOver();
    const processId = 1 + (count % PROCESSES);
    const began = clock.next(`restart p${processId}`);
    await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
    const committedAt = monotonicMs();
    lags.push((await began) - committedAt);
    const lower = 'UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ?';
    if (leavesAlarms) await connection.query(lower, [processId]);
    await delay(ALARM_EVERY_MS);
  }
  // It was raised on a server that was quiet again.
  return lags.slice(0, -1);
}
