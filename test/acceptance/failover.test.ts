import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { SECOND_PORT, TwoDatabases } from '../support/acceptance/second-database.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { untilIdle } from '../support/acceptance/until-idle.js';
import { waitFor } from '../support/restart/wait-for.js';

const GATEWAY = '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n';
const FIRST = '127.0.0.1:3306, server_id 1';
const SECOND = `127.0.0.1:${SECOND_PORT}, server_id 2`;

/** In the order of a bad day: each test begins where the one before has left the servers. */
describe('the installed unit and a database that fails over, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;
  let databases: TwoDatabases;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    databases = new TwoDatabases(host, alarms);
    await writeUnits(host, { 'gateway.service': GATEWAY });
    await host.run('systemctl', 'enable', '--now', 'gateway');
    await installService(host, { database: { host: `127.0.0.1, 127.0.0.1:${SECOND_PORT}` } });
    await databases.start();
  });
  afterAll(() => host?.stop());

  it('R37: answers at the first server while that may write', async () => {
    await expectOneRestart();
    expect(await host.run('monitor_service', 'status')).toContain(FIRST);
  });

  it('R37: a switchover whose old connections live on is followed, by statements and stream together', async () => {
    await databases.switchOver('first', 'second');
    await untilJournal(`now at ${SECOND}; was 127.0.0.1:3306, 1`);
    await untilStreaming();
    await expectOneRestart();
    expect(await host.run('monitor_service', 'status')).toContain(SECOND);
    expect(await binlogReaders('second')).toBe('1');
    expect(await binlogReaders('first')).toBe('0');
  });

  it('R37: while no server may write, a process is restarted once, and its alarm cleared as soon as one may', async () => {
    await databases.sql('second', 'SET GLOBAL read_only = ON');
    await untilJournal('no database server may write');
    const before = await run();
    await alarms.raise('gateway');
    await waitFor('the restart', async () => (await run()) !== before);
    const after = await run();
    expect((await alarms.row('gateway')).alarma).toBe(1);
    await databases.sql('second', 'SET GLOBAL read_only = OFF');
    expect(await alarms.settled('gateway')).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(await run()).toBe(after);
  });

  it('R37: the server dies and the other one is promoted', async () => {
    await host.run('systemctl', 'kill', '--signal=SIGKILL', 'mariadb-second');
    await databases.promote('first');
    await untilJournal(`now at ${FIRST}; was 127.0.0.1:${SECOND_PORT}, 2`);
    await untilStreaming();
    await expectOneRestart();
  });

  it('R37: comes up with the host when the first server of the list is away', async () => {
    // The socket would start it for whoever connects.
    await host.run('systemctl', 'mask', 'mariadb.service', 'mariadb.socket');
    await host.run('systemctl', 'enable', 'mariadb-second');
    await host.reboot();
    await databases.promote('second');
    await untilStreaming();
    await expectOneRestart();
    expect(await host.run('monitor_service', 'status')).toContain(SECOND);
  });

  async function expectOneRestart(): Promise<void> {
    await untilIdle(host);
    const before = await run();
    expect(await alarms.raiseAndSettle('gateway')).toEqual({
      alarma: 0,
      notes: expect.stringMatching(/^OK /),
    });
    expect(await run()).not.toBe(before);
  }

  async function run(): Promise<string> {
    return (await showUnit(host, 'gateway.service')).invocationId;
  }

  async function untilJournal(text: string): Promise<void> {
    await waitFor(`the log to say "${text}"`, async () => (await journal(host)).includes(text));
  }

  async function untilStreaming(): Promise<void> {
    await waitFor('the stream', async () =>
      /^streaming/.test((await showUnit(host, 'monitor_service.service')).statusText),
    );
  }

  async function binlogReaders(name: 'first' | 'second'): Promise<string> {
    return databases.sql(
      name,
      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Binlog Dump' AND USER = 'monitor_service'",
    );
  }
});
