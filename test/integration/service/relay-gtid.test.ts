import { expect, it, onTestFinished } from 'vitest';
import { watchBinlog } from '../../fleet/binlog-parts.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { findServerPrograms } from '../../support/server-programs.js';
import { GTIDS, startDocumentedRelay } from '../../support/service/documented-relay.js';
import { allowRelays } from '../../support/service/relay.js';
import { openSceneOfTest, type Scene } from '../../support/service/scene.js';

const why = findServerPrograms().mysql ? undefined : 'there is no MySQL here';
const OTHERS = 300;

/** A filtered transaction keeps its GTID: the binlog of the relay has an empty one for it. */
describeWhere('a relay by GTIDs, MySQL', why, () => {
  it('R38: empty transactions cost the host no statement, and hide no alarm', async () => {
    const primary = await startMember(21, '--log-output=TABLE');
    await allowRelays(primary);
    const scene = await openSceneOfTest(primary, { processes: ['one', 'two'], hasRelays: true });
    const relay = await startDocumentedRelay(primary, scene.database, { hasGtids: true });
    onTestFinished(() => relay.stop());
    const daemon = await scene.watchCalmly(through(relay.server));
    // The names are read once, two seconds after the begin of the stream.
    await fourBeats(scene);

    const endOfParts = await watchBinlog(on, relay.server);
    await on(primary, 'SET GLOBAL general_log = ON');
    await writeElsewhere(primary);
    await untilShown(primary, relay.server);
    await fourBeats(scene);
    const { empty, other, heartbeat } = await endOfParts();
    expect({ other, hasBeats: heartbeat > 0 }).toEqual({ other: 0, hasBeats: true });
    expect(empty).toBeGreaterThan(OTHERS * 150);
    expect(empty).toBeLessThan(OTHERS * 300);
    // The heartbeat and the questions of R37 go on; nobody reads the alarms or asks for a name.
    expect(await statementsOnTables(primary, scene)).toEqual([]);

    const { name } = scene.database;
    await on(
      primary,
      `SET SESSION gtid_next = 'AUTOMATIC:fleet'; UPDATE ${name}.STATUS_PROCESS SET alarma = 1 WHERE process_id = 1`,
    );
    await daemon.waitForLine(/ one: alarm seen \(binlog\)/);
    await daemon.cleared('one');
    expect(await scene.fleet.restarts('one')).toBe(1);
    expect(await statementsOnTables(primary, scene)).toContainEqual(
      expect.stringMatching(/^UPDATE .*`STATUS_PROCESS`/),
    );
  });

  it('R37, R38: a switchover of the primary: the relay turns to the new one and asks for what it lacks', async () => {
    const first = await startMember(21);
    const second = await startMember(22);
    await allowRelays(first);
    await on(second, `${follow(first.port)}; SET GLOBAL super_read_only = ON; START REPLICA`);
    const scene = await openSceneOfTest(first, {
      processes: ['before', 'after', 'later'],
      hasRelays: true,
    });
    const { name } = scene.database;
    const relay = await startDocumentedRelay(first, scene.database, { hasGtids: true });
    onTestFinished(() => relay.stop());
    // Before the scene is closed.
    onTestFinished(async () => void (await on(first, 'SET GLOBAL read_only = OFF')));
    await untilShown(first, second);
    const daemon = await scene.watchCalmly({
      ...through(relay.server),
      database: { host: `127.0.0.1:${first.port}, 127.0.0.1:${second.port}` },
    });
    await scene.database.raise('before');
    await daemon.cleared('before');

    // As docs/failover.md says.
    await on(first, 'SET GLOBAL event_scheduler = OFF; SET GLOBAL super_read_only = ON');
    await untilShown(first, second);
    await on(second, 'STOP REPLICA; RESET REPLICA ALL; SET GLOBAL read_only = OFF');
    await on(second, `ALTER EVENT ${name}.fleet_heartbeat ENABLE; SET GLOBAL event_scheduler = ON`);
    await relay.follow(second);
    await on(first, `${follow(second.port)}; START REPLICA`);

    const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
    await raiseOn(second, name, 2);
    await daemon.waitForLine(/ after: alarm cleared/, { from: moved.index });
    await writeElsewhere(second);
    await untilShown(second, relay.server);
    await waitFor('the stream', async () => (await scene.status()).stream.state === 'streaming');
    await raiseOn(second, name, 3);
    await daemon.waitForLine(/ later: alarm seen \(binlog\)/, { from: moved.index });
    await daemon.waitForLine(/ later: alarm cleared/, { from: moved.index });
    for (const each of ['before', 'after', 'later']) expect(await scene.fleet.restarts(each)).toBe(1);
    expect((await scene.run('check')).code).toBe(0);
    // What the service has cleared on the new primary comes back to the old one.
    await untilShown(second, first);
    expect(await on(first, `SELECT 1 FROM ${name}.STATUS_PROCESS WHERE alarma = 1`)).toEqual([]);
  });
});

async function startMember(id: number, ...more: readonly string[]): Promise<PrivateServer> {
  const extraArgs = [`--server-id=${id}`, ...GTIDS, ...more];
  const server = await startPrivateServer({ flavour: 'mysql', extraArgs });
  onTestFinished(() => server.stop());
  return server;
}

function through(relay: PrivateServer) {
  // On a busy machine the relay may be some seconds behind. No poll comes within the test.
  return { binlog: { host: `127.0.0.1:${relay.port}`, heartbeat: 5 }, monitor: { check_interval: 3600 } };
}

function follow(port: number): string {
  return `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = ${port},
    SOURCE_USER = 'copy_for_relays', SOURCE_PASSWORD = 'copy', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1`;
}

/** Rows, definitions and accounts of others, in transactions of their own. */
async function writeElsewhere(primary: PrivateServer): Promise<void> {
  await on(
    primary,
    'CREATE DATABASE elsewhere; CREATE TABLE elsewhere.t (id INT PRIMARY KEY AUTO_INCREMENT)',
  );
  await on(primary, 'INSERT INTO elsewhere.t VALUES ();'.repeat(OTHERS));
  await on(primary, 'ALTER TABLE elsewhere.t ADD COLUMN alarma INT; CREATE USER somebody@localhost');
}

/** Waits until a replica has all that its primary has written, in its own binlog. */
async function untilShown(primary: PrivateServer, replica: PrivateServer): Promise<void> {
  const [row] = await on(primary, 'SELECT @@global.gtid_executed AS gtids');
  await on(replica, `SELECT WAIT_FOR_EXECUTED_GTID_SET('${String(row?.gtids)}', 60)`);
}

/** A reading that follows an event would have come by then. */
async function fourBeats({ database }: Scene): Promise<void> {
  const beat = async () =>
    Number(((await database.query('SELECT beat FROM FLEET_HEARTBEAT')) as Beats)[0]?.beat);
  const from = await beat();
  await waitFor('four beats', async () => (await beat()) >= from + 4);
}

type Beats = readonly { readonly beat: unknown }[];

/** What the service has asked of our two tables since the log is on. */
async function statementsOnTables(primary: PrivateServer, { database }: Scene): Promise<string[]> {
  const rows = await on(
    primary,
    `SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log
    WHERE user_host LIKE '%${database.user}%' AND argument REGEXP 'PROCESE|STATUS_PROCESS' AND command_type <> 'Prepare'`,
  );
  return rows.map(({ text }) => String(text));
}

async function raiseOn(server: PrivateServer, database: string, processId: number): Promise<void> {
  await on(server, `UPDATE ${database}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${processId}`);
}

async function on(server: PrivateServer, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await server.connect({ multipleStatements: true });
  try {
    return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}
