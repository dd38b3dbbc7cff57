import type { Connection } from 'mysql2/promise';
import type { Daemon } from './daemon.js';
import type { LogFeed, LogLine } from './log-feed.js';
import type { Screen } from './screen.js';
import type { Timeline } from './timeline.js';

/** What every scenario has to play with. */
export interface Stage {
  readonly screen: Screen;
  readonly timeline: Timeline;
  readonly feed: LogFeed;
  readonly connection: Connection;
  readonly daemon: Daemon;
  /** Name of the process that never becomes healthy. */
  readonly broken: string;
}

/** For the summary; times in ms since the commit. */
export interface Outcome {
  readonly what: string;
  readonly seenMs: number;
  readonly restartedMs: number;
  readonly clearedMs?: number;
}

export interface Scenario {
  readonly title: string;
  /** A word or two for the summary. */
  readonly short: string;
  /** @throws Error where something did not happen as it should. */
  readonly play: (stage: Stage) => Promise<Outcome>;
}

export const DAEMON_ID = 1;
export const BROKEN_ID = 2;

/** An alarm raised, and the log since. */
interface Alarm {
  /** Waits for a line about its process. */
  line(pattern: RegExp, after?: LogLine): Promise<LogLine>;
  /** Time of a line, in ms since the commit. */
  since(line: LogLine): number;
}

/** Raises an alarm as any tool would, with one plain statement. */
export async function raiseAlarm(stage: Stage, processId: number, name: string): Promise<Alarm> {
  const { screen, timeline, connection, feed } = stage;
  const statement = `UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ${processId}`;
  screen.sql(`${statement};`);
  const begin = feed.length;
  const committedAt = await timeline.commit(() => connection.query(statement));
  return {
    line: (pattern, after) => feed.find(name, pattern, after === undefined ? begin : after.index + 1),
    since: ({ arrivedAt }) => arrivedAt - committedAt,
  };
}

/** Follows an alarm to its end: seen, restarted, verified, cleared. */
export async function followToClear(
  alarm: Alarm,
  trigger: 'binlog' | 'poll',
): Promise<Omit<Outcome, 'what'>> {
  const seen = await alarm.line(/^alarm seen/);
  if (!seen.message.includes(`(${trigger})`)) throw new Error(`not seen by ${trigger}: ${seen.message}`);
  const restarted = await alarm.line(/^restarted by/, seen);
  const verified = await alarm.line(/^verified healthy/, restarted);
  const cleared = await alarm.line(/^alarm cleared/, verified);
  return {
    seenMs: alarm.since(seen),
    restartedMs: alarm.since(restarted),
    clearedMs: alarm.since(cleared),
  };
}

/** @throws Error where the table says otherwise. */
export async function expectAlarm({ connection }: Stage, processId: number, alarma: 0 | 1): Promise<void> {
  const [rows] = await connection.query('SELECT 1 FROM STATUS_PROCESS WHERE process_id = ? AND alarma = ?', [
    processId,
    alarma,
  ]);
  if (!Array.isArray(rows) || rows.length !== 1) {
    throw new Error(`process_id ${processId} should have alarma = ${alarma}`);
  }
}
