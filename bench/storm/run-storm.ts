import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { AlarmDatabase } from '../../test/support/service/alarm-database.js';
import { countStanding } from '../support/count-standing.js';
import { readUsage } from '../support/process-usage.js';
import { readRecords } from '../support/read-records.js';
import type { Stage } from '../support/stage.js';
import { createStormCommands } from './storm-commands.js';

export interface StormResult {
  /** From the commit of the one UPDATE until no alarm stands, the late one included, ms. */
  readonly tookMs: number;
  /** Alarms that were answered, over time since that commit, ms. */
  readonly answered: readonly (readonly [atMs: number, count: number])[];
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Statements that the service had the server execute. Those of the bench are not among them: it prepares none. */
  readonly statements: number;
  /** Restarts in all, and processes that had one at least. */
  readonly restarts: number;
  readonly restarted: number;
  readonly late: Late;
}

/** One more process, raised when half of the others are answered. */
interface Late {
  readonly raisedAtMs: number;
  /** Until its restart began, as the service has recorded it. */
  readonly reactionMs: number;
  /** Its place in the order of restarts, from 1. */
  readonly place: number;
}

/** How often the table is looked at for what still stands, ms. */
const LOOK_EVERY_MS = 100;
const DEADLINE_MS = 15 * 60_000;

/** One storm: processes 1 to `count` in one statement, and number `count` + 1 in the middle. */
export async function runStorm(stage: Stage, count: number, parallel: number): Promise<StormResult> {
  const { database, workspace } = stage;
  const commands = await createStormCommands(workspace);
  const daemon = await stage.watch({
    monitor: { max_parallel_restarts: parallel },
    'process.default': { restart_command: commands.restart, health_check_command: commands.check },
  });
  const before = await readUsage(daemon.pid);
  const executedBefore = await countExecuted(database);
  const seen = await database.session((connection) => watchStorm(connection, count));
  const after = await readUsage(daemon.pid);
  const executed = await countExecuted(database);
  await daemon.stop();
  const restarted = await commands.restarted();
  const lateName = `p${count + 1}`;
  const records = await readRecords(workspace.path('history.jsonl'));
  return {
    tookMs: seen.tookMs,
    answered: seen.answered,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakMb: after.peakMb,
    statements: executed - executedBefore,
    restarts: restarted.length,
    restarted: new Set(restarted).size,
    late: {
      raisedAtMs: seen.lateRaisedAtMs,
      reactionMs: records.findLast(({ process }) => process === lateName)?.reaction_ms ?? Number.NaN,
      place: restarted.indexOf(lateName) + 1,
    },
  };
}

/** How many prepared statements the server has executed since its start. */
async function countExecuted(database: AlarmDatabase): Promise<number> {
  return database.session(async (connection) => {
    const [[row]] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
    return Number(row?.Value);
  });
}

async function watchStorm(connection: Connection, count: number) {
  const raise = 'UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id';
  await connection.query(`${raise} <= ?`, [count]);
  const startedAt = performance.now();
  const answered: [number, number][] = [[0, 0]];
  let lateRaisedAtMs: number | undefined;
  for (;;) {
    const standing = await countStanding(connection);
    const atMs = performance.now() - startedAt;
    answered.push([atMs, count + (lateRaisedAtMs === undefined ? 0 : 1) - standing]);
    if (standing === 0 && lateRaisedAtMs !== undefined) return { tookMs: atMs, answered, lateRaisedAtMs };
    if (atMs > DEADLINE_MS) throw new Error(`${standing} alarms of the storm still stand`);
    if (standing <= count / 2 && lateRaisedAtMs === undefined) {
      await connection.query(`${raise} = ?`, [count + 1]);
      lateRaisedAtMs = performance.now() - startedAt;
    }
    await delay(LOOK_EVERY_MS);
  }
}
