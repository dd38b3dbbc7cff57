import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/db/connection/database.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { findGalera, galeraArguments, LOSE_QUORUM, REGAIN_QUORUM } from '../../support/database/galera.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { findServerPrograms } from '../../support/server-programs.js';

const ACCOUNT = { user: 'writer', password: 'zebra-Horse_7', database: 'mine' };
const library = findServerPrograms().mariadb && findGalera();
const why =
  library === undefined ? 'there is no libgalera_smm.so here, the package galera-4 has it' : undefined;

/** A node that was cut off, and a server beside it that was not. */
describeWhere('a Galera node', why, () => {
  let node: PrivateServer;
  let other: PrivateServer;
  beforeAll(async () => {
    const extraArgs = await galeraArguments(library ?? '');
    node = await startPrivateServer({ flavour: 'mariadb', extraArgs: ['--server-id=21', ...extraArgs] });
    other = await startPrivateServer({ flavour: 'mariadb', extraArgs: ['--server-id=22'] });
    for (const server of [node, other]) {
      await root(
        server,
        `CREATE DATABASE mine; CREATE TABLE mine.t (a INT PRIMARY KEY);
        CREATE USER writer@localhost IDENTIFIED BY '${ACCOUNT.password}'; GRANT ALL ON mine.* TO writer@localhost`,
      );
    }
  });
  afterAll(async () => {
    await node.stop();
    await other.stop();
  });

  // One loss of the quorum for both: to take the node out of its cluster again and again takes it very long.
  it('R37: one that loses its quorum is left at the heartbeat; alone in the list it is used again when it has it', async () => {
    const listed = open([other]);
    const alone = open([]);
    for (const database of [listed, alone]) {
      await database.use(async () => {});
      expect(database.server).toMatchObject({ serverId: 21, mayWrite: true });
    }
    const moved = firstValueFrom(listed.changes);
    const lost = firstValueFrom(alone.changes);
    await root(node, LOSE_QUORUM);
    expect(await moved).toMatchObject({ isOther: true, was: { serverId: 21 }, now: { serverId: 22 } });
    await listed.use((connection) => connection.query('INSERT INTO mine.t VALUES (1)'));
    expect(await lost).toMatchObject({ isOther: false, now: { mayWrite: false, hasQuorum: false } });
    await expect(alone.use((connection) => connection.query('SELECT * FROM mine.t'))).rejects.toMatchObject({
      errno: 1047,
      message: expect.stringMatching(/without quorum/),
    });

    // Of two that may not write, the one that can be read.
    onTestFinished(() => root(other, 'SET GLOBAL read_only = OFF'));
    await root(other, 'SET GLOBAL read_only = ON');
    const reading = open([other]);
    await reading.use((connection) => connection.query('SELECT * FROM mine.t'));
    expect(reading.server).toMatchObject({ serverId: 22, mayWrite: false });

    const back = firstValueFrom(alone.changes);
    await root(node, REGAIN_QUORUM);
    expect(await back).toMatchObject({ isOther: false, now: { mayWrite: true } });
    await alone.use((connection) => connection.query('SELECT * FROM mine.t'));
  });

  it('R37: one that is told to reject queries is left at once, although it is ready and has its quorum', async () => {
    const listed = open([other]);
    await listed.use(async () => {});
    expect(listed.server).toMatchObject({ serverId: 21 });
    const moved = firstValueFrom(listed.changes);
    onTestFinished(() => root(node, 'SET GLOBAL wsrep_reject_queries = NONE'));
    await root(node, 'SET GLOBAL wsrep_reject_queries = ALL');
    expect(await moved).toMatchObject({ isOther: true, was: { serverId: 21 }, now: { serverId: 22 } });
    await listed.use((connection) => connection.query('SELECT * FROM mine.t'));
  });

  function open(others: readonly PrivateServer[]) {
    const { host, port } = node;
    const otherHosts = others.map((server) => ({ host: server.host, port: server.port }));
    const config = { host, port, ...ACCOUNT, sslMode: 'disabled' } as const;
    const list = otherHosts.length > 0 ? { ...config, otherHosts } : config;
    const database = openDatabase(list, { heartbeatMs: () => 100 });
    onTestFinished(() => database.close());
    return database;
  }

  async function root(server: PrivateServer, sql: string): Promise<void> {
    const connection = await server.connect({ multipleStatements: true });
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
  }
});
