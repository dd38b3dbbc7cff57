import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { DAEMON_ID, expectAlarm, followToClear, type Outcome, raiseAlarm, type Scenario } from '../stage.js';

/** The REVOKE is a statement in the binlog, after which the table is read until 1.5 s later. */
const SETTLED_MS = 1700;
const GRANTED = 'REPLICATION SLAVE ON *.*';
const ACCOUNT = "'monitor_service'@'localhost'";

export const cutStream: Scenario = {
  title: 'An alarm while the binlog stream is cut',
  short: 'stream cut',
  async play(stage): Promise<Outcome> {
    const { screen, daemon, feed, connection } = stage;
    screen.say('The right to read the binlog is taken from the service, and its connection is killed.');
    const run = async (statement: string): Promise<void> => {
      screen.sql(`${statement};`);
      await connection.query(statement);
    };
    const begin = feed.length;
    await run(`REVOKE ${GRANTED} FROM ${ACCOUNT}`);
    await run(`KILL ${await findDumpThread(connection)}`);
    const lost = await feed.find('monitor_service', /^binlog stream lost/, begin);
    await feed.find('monitor_service', /^the binlog cannot be watched/, lost.index);
    await delay(SETTLED_MS);

    screen.say(
      `${daemon.name} is killed again, pid ${await daemon.kill()}. The alarm reaches no binlog reader now:`,
    );
    const times = await followToClear(await raiseAlarm(stage, DAEMON_ID, daemon.name), 'poll');
    await expectAlarm(stage, DAEMON_ID, 0);
    stage.timeline.forget();

    screen.say('The right is given back, and the service finds that out by itself.');
    await run(`GRANT ${GRANTED} TO ${ACCOUNT}`);
    await feed.find('monitor_service', /^watching the binlog of .* again/, lost.index);
    return { ...times, what: 'caught by the fallback poll; the stream came back' };
  },
};

/** @throws Error where nobody reads the binlog. */
async function findDumpThread(connection: Connection): Promise<number> {
  const [rows] = await connection.query('SHOW PROCESSLIST');
  for (const row of Array.isArray(rows) ? rows : []) {
    const { Id: id, Command: command } = Object(row);
    if (command === 'Binlog Dump') return Number(id);
  }
  throw new Error('the server sends its binlog to nobody');
}
