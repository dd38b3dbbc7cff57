import { describe, expect, it, onTestFinished } from 'vitest';
import { startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';
import { startDocumentedRelay } from '../../support/service/documented-relay.js';
import { allowRelays } from '../../support/service/relay.js';
import { openSceneOfTest } from '../../support/service/scene.js';

/** No rule for tables holds for these. */
const DEFINITIONS_ELSEWHERE = `CREATE DATABASE elsewhere;
  CREATE PROCEDURE elsewhere.p() DO 0;
  CREATE FUNCTION elsewhere.f() RETURNS INT DETERMINISTIC RETURN 1;
  CREATE EVENT elsewhere.e ON SCHEDULE EVERY 1 DAY DO DO 0;
  USE elsewhere;
  CREATE PROCEDURE q() DO 0; DROP PROCEDURE p;
  CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)`;

describe.each(serverFlavours())('a relay made as docs/fleet.md says, %s', (flavour) => {
  it('R38: goes on when routines and events are defined elsewhere, and when the heartbeat is enabled', async () => {
    const primary = await startPrivateServer({ flavour, extraArgs: ['--server-id=21'] });
    onTestFinished(() => primary.stop());
    await allowRelays(primary);
    const scene = await openSceneOfTest(primary, { processes: ['one'], hasRelays: true });
    const { database } = scene;
    const relay = await startDocumentedRelay(primary, database);
    onTestFinished(() => relay.stop());

    const root = await primary.connect({ multipleStatements: true });
    onTestFinished(() => root.end());
    await root.query(`ALTER EVENT ${database.name}.fleet_heartbeat ENABLE; ${DEFINITIONS_ELSEWHERE}`);
    // With our schema as the current one, so that it reaches the relay.
    await database.query('ALTER EVENT fleet_heartbeat ENABLE');
    await database.runFile(primary, 'fleet-heartbeat.sql');

    const daemon = await scene.watch({ binlog: { host: `127.0.0.1:${relay.server.port}`, heartbeat: 1 } });
    await database.raise('one');
    await daemon.cleared('one');
    expect(await relay.run('SHOW REPLICA STATUS')).toMatchObject([{ Last_SQL_Errno: 0, Last_IO_Errno: 0 }]);
    expect(
      await relay.run('SELECT EVENT_SCHEMA AS name, STATUS AS status FROM information_schema.EVENTS'),
    ).toEqual([{ name: database.name, status: expect.stringMatching(/SIDE_DISABLED/) }]);
    expect(await relay.run("SHOW DATABASES LIKE 'elsewhere'")).toEqual([]);
  });
});
