import type { Daemon } from '../../test/support/daemon.js';
import type { TcpProxy } from '../../test/support/faults/tcp-proxy.js';
import { startBareReaction } from '../floor/start-bare-reaction.js';
import type { Closers } from '../support/closers.js';
import { monotonicMs } from '../support/monotonic.js';
import type { Stage } from '../support/stage.js';
import type { Outage } from './outages.js';

export interface RecoveryScene {
  readonly stage: Stage;
  readonly proxy: TcpProxy;
  readonly closers: Closers;
  /** One that has not been in alarm yet. */
  readonly nextProcess: () => number;
}

/** One return, ms after the server could be reached again. */
export interface Recovery {
  readonly streamingMs: number;
  /** First instruction of the restart command for the alarm that was raised meanwhile. */
  readonly restartMs: number;
}

/** A service of its own for each outage: one that was up for less than 10 s goes on with the back-off of before. */
export async function serviceRecovery(scene: RecoveryScene, outage: Outage): Promise<Recovery> {
  const { stage, proxy } = scene;
  const daemon = await stage.watch({ database: { host: proxy.host, port: proxy.port } });
  const from = daemon.lines().length;
  await outage.begin();
  await daemon.waitForLine(/binlog stream lost/, { from });
  const processId = scene.nextProcess();
  const said = stage.clock.next(`restart p${processId}`);
  const streaming = timeOfLine(daemon, /watching the binlog of .* again/, from);
  // It may come to nothing before anybody waits for it.
  streaming.catch(() => {});
  const backAt = await outage.end(() => raise(stage, processId));
  const recovery = { streamingMs: (await streaming) - backAt, restartMs: (await said) - backAt };
  await daemon.waitForLine(new RegExp(` p${processId}: alarm cleared`), { from });
  await daemon.stop();
  return recovery;
}

/** The floor tries to connect every 10 ms, then watches and reads what stands. Its own start is not measured. */
export async function floorRecovery(scene: RecoveryScene, outage: Outage): Promise<Recovery> {
  const { stage, proxy, closers } = scene;
  await outage.begin();
  const floor = await startBareReaction(stage, closers, {
    isStandingAnswered: true,
    isPatient: true,
    port: proxy.port,
  });
  const processId = scene.nextProcess();
  const said = stage.clock.next(`restart p${processId}`);
  const streaming = floor.watch.waitFor(/^streaming$/, 0).then(() => monotonicMs());
  streaming.catch(() => {});
  const backAt = await outage.end(() => raise(stage, processId));
  const recovery = { streamingMs: (await streaming) - backAt, restartMs: (await said) - backAt };
  await floor.stop();
  await stage.database.query('UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ?', [processId]);
  return recovery;
}

async function raise({ database }: Stage, processId: number): Promise<void> {
  await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
}

/** When the line came, monotonic ms. A long outage is longer than anybody waits for a line. */
async function timeOfLine(daemon: Daemon, pattern: RegExp, from: number): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      await daemon.waitForLine(pattern, { from });
      return monotonicMs();
    } catch (error) {
      if (tries === WAITS_FOR_A_LINE) throw error;
    }
  }
}

const WAITS_FOR_A_LINE = 6;
