import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askServer } from '../../../src/db/connection/server-question.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { findServerPrograms, serverFlavours } from '../../support/server-programs.js';

describe.each(serverFlavours())('the question to a %s server', (flavour) => {
  let server: PrivateServer;
  let connection: Connection;
  beforeAll(async () => {
    server = await startPrivateServer({ flavour, extraArgs: ['--server-id=21'] });
    connection = await server.connect();
  });
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  it('R37: says who it is and that it may write, in one round trip, to an account without privileges', async () => {
    await connection.query("CREATE USER nobody@localhost IDENTIFIED BY 'zebra-Horse_7'");
    const stranger = await server.connect({ user: 'nobody', password: 'zebra-Horse_7' });
    const asked = await questionsOf(stranger);
    const answer = await askServer(stranger);
    expect(await questionsOf(stranger)).toBe(asked + 1 + 1);
    expect(answer).toMatchObject({
      serverId: 21,
      isReadOnly: false,
      hasQuorum: true,
      connectionId: stranger.threadId,
    });
    expect(answer.identity).toBe(await identityBySql());
    await stranger.end();
  });

  it('R37: says that it is read-only, for whichever reason', async () => {
    await connection.query('SET GLOBAL read_only = ON');
    expect(await askServer(connection)).toMatchObject({ isReadOnly: true });
    await connection.query('SET GLOBAL read_only = OFF');
    expect(await askServer(connection)).toMatchObject({ isReadOnly: false });
  });

  async function identityBySql(): Promise<string> {
    const uuid = flavour === 'mysql' ? '@@server_uuid' : "CONCAT(@@hostname, ':', @@port, ':', @@server_id)";
    const [rows] = await connection.query(`SELECT ${uuid} AS identity`);
    return (rows as { identity: string }[])[0]?.identity ?? '';
  }

  /** How many statements this session has sent, this one included. */
  async function questionsOf(session: Connection): Promise<number> {
    const [rows] = await session.query("SHOW SESSION STATUS LIKE 'Questions'");
    return Number((rows as { Value: string }[])[0]?.Value);
  }
});

// On MySQL the accounts are in InnoDB: such a server does not start with one of its own.
const why = findServerPrograms().mariadb ? undefined : 'there is no MariaDB here';

describeWhere('the question to a server whose InnoDB alone is read-only, MariaDB', why, () => {
  it('R37: says that it is read-only', async () => {
    const extraArgs = ['--innodb-read-only', '--skip-log-bin'];
    const server = await startPrivateServer({ flavour: 'mariadb', extraArgs });
    onTestFinished(() => server.stop());
    const root = await server.connect();
    expect((await root.query('SELECT @@global.read_only AS option'))[0]).toEqual([{ option: 0 }]);
    expect(await askServer(root)).toMatchObject({ isReadOnly: true });
    await root.end();
  });
});
