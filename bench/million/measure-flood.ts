import { setTimeout as delay } from 'node:timers/promises';
import { askService } from '../../src/control/control-client.js';
import { STATUS_REPORT } from '../../src/control/status-report.js';
import type { ConfigSections } from '../../test/support/service/config-file.js';
import { monotonicMs } from '../support/monotonic.js';
import { readUsage } from '../support/process-usage.js';
import type { Stage } from '../support/stage.js';

export interface Flood {
  readonly config?: ConfigSections;
  /** The service watches, and then one statement raises all. Otherwise they are raised before it starts. */
  readonly isUpdate?: true;
}

export interface FloodResult {
  /** From the answer to the statement, or from the start of the service, to the first restart. */
  readonly firstRestartMs: number;
  readonly peakMb: number;
  readonly slowestStatusMs: number;
  /** In all of the time that it was watched. */
  readonly restarts: number;
}

/** The longest that a first restart is waited for, ms. */
const PATIENCE_MS = 60_000;
const RAISE = 'UPDATE STATUS_PROCESS SET alarma = 1';

/** Raises every alarm of the table, and looks at the service for so many seconds after its first restart. */
export async function measureFlood(
  stage: Stage,
  { config, isUpdate }: Flood,
  seconds: number,
): Promise<FloodResult> {
  await stage.database.query('UPDATE STATUS_PROCESS SET alarma = 0, notes = NULL');
  if (!isUpdate) await stage.database.query(RAISE);
  let restarts = 0;
  let firstAt: number | undefined;
  const stop = stage.clock.listen(({ at }) => {
    restarts += 1;
    firstAt ??= at;
  });
  let from = monotonicMs();
  const daemon = await (isUpdate ? stage.watch(config) : stage.launch(config));
  const end = new AbortController();
  const asking = isUpdate
    ? askRepeatedly(stage, end.signal)
    : delay(1000).then(() => askRepeatedly(stage, end.signal));
  if (isUpdate) {
    await stage.database.query(RAISE);
    from = monotonicMs();
  }
  while (firstAt === undefined && monotonicMs() - from < PATIENCE_MS) await delay(10);
  await delay(seconds * 1000);
  stop();
  end.abort();
  const { peakMb } = await readUsage(daemon.pid);
  const slowestStatusMs = await asking;
  daemon.signal('SIGKILL');
  await daemon.exit;
  const firstRestartMs = (firstAt ?? Number.POSITIVE_INFINITY) - from;
  return { firstRestartMs: Math.min(firstRestartMs, PATIENCE_MS), peakMb, slowestStatusMs, restarts };
}

/** One after the other; the longest that an answer took, ms. */
async function askRepeatedly(stage: Stage, signal: AbortSignal): Promise<number> {
  let slowest = 0;
  while (!signal.aborted) {
    const askedAt = monotonicMs();
    await askService(stage.workspace.path('control.sock'), 'GET', '/status', undefined, STATUS_REPORT).catch(
      () => {},
    );
    slowest = Math.max(slowest, monotonicMs() - askedAt);
    await delay(200);
  }
  return slowest;
}
