import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBareReaction } from '../floor/start-bare-reaction.js';
import type { Closers } from '../support/closers.js';
import { monotonicMs } from '../support/monotonic.js';
import type { Stage } from '../support/stage.js';

/** One start, ms after it was asked for. */
export interface Start {
  readonly readyMs: number;
  readonly streamingMs: number;
  /** The first instruction of the restart command. */
  readonly restartMs: number;
}

/**
 * The service with an alarm that stands. It is ready when it tells systemd so; a program that goes by the name of
 * systemd-notify tells us. The writing of its config.ini is within the time.
 */
export async function startService(stage: Stage, processId: number): Promise<Start> {
  const { workspace, clock } = stage;
  await workspace.script('systemd-notify', [clock.command('"$1"')]);
  await setAlarm(stage, processId, 1);
  const told = clock.next('READY=1');
  const said = clock.next(`restart p${processId}`);
  const from = monotonicMs();
  const daemon = await stage.launch(
    {},
    {
      PATH: `${workspace.directory}:${process.env.PATH}`,
      NOTIFY_SOCKET: workspace.path('no-socket'),
    },
  );
  const [readyAt, streamingMs, restartedAt] = await Promise.all([
    told,
    daemon.waitForLine(/watching the binlog/).then(() => monotonicMs() - from),
    said,
  ]);
  await daemon.waitForLine(new RegExp(`\\bp${processId}: alarm cleared`));
  await daemon.stop();
  return { readyMs: readyAt - from, streamingMs, restartMs: restartedAt - from };
}

/** The floor, which reads the standing alarms when it watches. */
export async function startFloor(stage: Stage, closers: Closers, processId: number): Promise<Start> {
  await setAlarm(stage, processId, 1);
  const said = stage.clock.next(`restart p${processId}`);
  const from = monotonicMs();
  const floor = await startBareReaction(stage, closers, { isStandingAnswered: true });
  await floor.watch.waitFor(/^streaming$/, 0);
  const streamingMs = monotonicMs() - from;
  const restartMs = (await said) - from;
  await floor.stop();
  await setAlarm(stage, processId, 0);
  return { readyMs: streamingMs, streamingMs, restartMs };
}

/** A Node.js that has nothing to do. */
export async function startBareNode(): Promise<Start> {
  const from = monotonicMs();
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit');
  const ms = monotonicMs() - from;
  return { readyMs: ms, streamingMs: ms, restartMs: ms };
}

async function setAlarm({ database }: Stage, processId: number, alarma: 0 | 1): Promise<void> {
  await database.query('UPDATE STATUS_PROCESS SET alarma = ? WHERE process_id = ?', [alarma, processId]);
}
