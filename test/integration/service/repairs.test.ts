import { describe, expect, it, onTestFinished } from 'vitest';
import { runSqlFile } from '../../support/database/sql-file.js';
import { startPrivateServer } from '../../support/private-server.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { openSceneOfTest, type Scene, type SceneOptions } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** Every try comes within this time: what keeps the stream away is a matter of the configuration. */
const QUICK = { monitor: { check_interval: 0.5 } };

describeOnServers('what is wrong at the start and repaired later', rowServerKinds, (on) => {
  const { server, kind, openWith } = on;
  const { flavour } = kind.options;
  const openScene = (more: SceneOptions = {}): Promise<Scene> =>
    openWith({ processes: ['alpha', 'beta'], ...more });

  it('R6: binlog_format = STATEMENT: it is told once, and alarms are seen all the same', async () => {
    const { database, fleet, watchCalmly } = await openScene();
    await database.query("SET GLOBAL binlog_format = 'STATEMENT'");
    onTestFinished(async () => {
      const root = await server.connect();
      await root.query('SET GLOBAL binlog_format = ?', [kind.options.binlogFormat]);
      await root.end();
    });
    const daemon = await watchCalmly();
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen \(binlog\)/);
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    const told = daemon.lines().filter((line) => line.includes('WARNING'));
    expect(told).toEqual([
      expect.stringMatching(
        /binlog_format is STATEMENT: many changes arrive without their rows, so the table is read after each; type SET GLOBAL binlog_format = 'ROW', and put it into the server's configuration$/,
      ),
    ]);
  });

  it('R6: without REPLICATION grants: it names the GRANT, polls, and streams when it is given', async () => {
    const { database, fleet, launch } = await openScene({ grants: false });
    await database.query(`GRANT SELECT, UPDATE ON ${database.name}.* TO ${database.account}`);
    const daemon = await launch(QUICK);
    const told = await daemon.waitForLine(/WARNING .*the binlog cannot be watched/);
    const client = flavour === 'mariadb' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
    const grant = `GRANT REPLICATION SLAVE, ${client} ON *.* TO ${database.account}`;
    expect(told.text).toContain(
      `the binlog cannot be watched: ${database.account} may not read the binlog and may not ask where the binlog ends: REPLICATION SLAVE and ${client} not granted; ${grant}; polling every 0.2 s, next try in 0.5 s`,
    );
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen \((poll|reconnect)\)/);
    await daemon.cleared('alpha');
    expect(daemon.lines().filter((line) => / WARNING .*cannot be watched/.test(line))).toHaveLength(1);
    await database.query(grant);
    await daemon.waitForLine(/watching the binlog/);
    await database.raise(2);
    await daemon.cleared('beta');
    expect(await fleet.restarts('beta')).toBe(1);
  });

  it('a wrong password', async () => {
    const scene = await openScene();
    const { database } = scene;
    await database.query(`ALTER USER ${database.account} IDENTIFIED BY 'another-one'`);
    await expectRecovery(
      scene,
      `the database rejects this user or password: Access denied for user ${database.account} (using password: YES); check user and password in [database], and sql/grants.sql`,
      () => database.query(`ALTER USER ${database.account} IDENTIFIED BY '${database.password}'`),
    );
  });

  it('an unknown database', async () => {
    const scene = await openScene();
    const { database } = scene;
    const name = `${database.name}_moved`;
    await database.query(`GRANT SELECT, UPDATE ON ${name}.* TO ${database.account}`);
    onTestFinished(async () => {
      const root = await server.connect();
      await root.query(`DROP DATABASE IF EXISTS ${name}`);
      await root.end();
    });
    await expectRecovery(
      scene,
      `this database does not exist: Unknown database '${name}'; run sql/setup.sql, and check database in [database]`,
      async () => {
        await runSqlFile(server, 'setup.sql', (sql) => sql.replaceAll('v_process_monitor', name));
        await database.query(`INSERT INTO ${name}.PROCESE SELECT * FROM PROCESE;
          INSERT INTO ${name}.STATUS_PROCESS SELECT * FROM STATUS_PROCESS`);
      },
      {
        config: { database: { database: name } },
        raise: () => database.query(`UPDATE ${name}.STATUS_PROCESS SET alarma = 1 WHERE process_id = 1`),
      },
    );
  });

  it('a missing table', async () => {
    const scene = await openScene();
    const { database } = scene;
    await database.query('RENAME TABLE STATUS_PROCESS TO elsewhere');
    await expectRecovery(
      scene,
      'table STATUS_PROCESS is missing, or the user may not SELECT from it; create it with sql/setup.sql, grant with sql/grants.sql',
      () => database.query('RENAME TABLE elsewhere TO STATUS_PROCESS'),
    );
  });

  it('a missing column', async () => {
    const scene = await openScene();
    const { database } = scene;
    await database.query('ALTER TABLE STATUS_PROCESS DROP COLUMN notes');
    await expectRecovery(
      scene,
      'table STATUS_PROCESS has no column notes that the user may read; compare it with sql/setup.sql, grant with sql/grants.sql',
      () => database.query('ALTER TABLE STATUS_PROCESS ADD COLUMN notes VARCHAR(100)'),
    );
  });

  it('a column that goes while the service runs', async () => {
    const { database, watch } = await openScene();
    const daemon = await watch(QUICK);
    await database.query('ALTER TABLE PROCESE RENAME COLUMN process_name TO name');
    await daemon.waitForLine(/WARNING .*table PROCESE has no column process_name/);
    await database.query('ALTER TABLE PROCESE RENAME COLUMN name TO process_name');
    const from = daemon.lines().length;
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm cleared/, { from });
  });

  it('R12: no UPDATE grant: the process is restarted once, and cleared when the grant is given', async () => {
    const { database, fleet, watch } = await openScene({ grants: false });
    await database.query(`GRANT SELECT ON ${database.name}.* TO ${database.account};
      GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO ${database.account}`);
    const daemon = await watch(QUICK);
    await database.raise(1);
    const told = await daemon.waitForLine(/alpha: cannot write the clear, retrying until it succeeds: /);
    expect(told.text).toMatch(
      /the user may not do this with the (table|column): UPDATE command denied .*; run sql\/grants.sql for this user$/,
    );
    await daemon.waitForLine(/DEBUG .*alpha: cannot write the clear/);
    await database.query(`GRANT UPDATE (alarma, notes) ON STATUS_PROCESS TO ${database.account}`);
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    expect(await database.row(1)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
  });

  interface Recovery {
    readonly config?: Parameters<Scene['launch']>[0];
    readonly raise?: () => Promise<unknown>;
  }

  /** It is told in one line, nothing ends, and all is well after the repair. */
  async function expectRecovery(
    { database, launch, fleet }: Scene,
    message: string,
    repair: () => Promise<unknown>,
    { config = {}, raise = () => database.raise(1) }: Recovery = {},
  ): Promise<void> {
    const daemon = await launch({ ...QUICK, ...config });
    await daemon.waitForLine(/WARNING .*the binlog cannot be watched/);
    // Several tries later nothing more has been told.
    await daemon.waitForLine(/DEBUG .*the binlog cannot be watched/);
    const lines = daemon.lines().filter((line) => /WARNING/.test(line));
    expect(lines).toEqual([expect.stringContaining(`the binlog cannot be watched: ${message}`)]);
    await repair();
    await daemon.waitForLine(/watching the binlog/);
    await raise();
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    // Before the test drops what it has made: a service whose clear finds no table waits for shutdown_timeout at its end.
    await daemon.stop();
  }
});

describe.each(rowServerKinds())('without binlog, $name', ({ options }) => {
  it('R6: says what to set, and polls', async () => {
    const server = await startPrivateServer({ flavour: options.flavour, binlog: false });
    onTestFinished(() => server.stop());
    const { database, fleet, launch } = await openSceneOfTest(server, { processes: ['alpha'] });
    const daemon = await launch();
    const told = await daemon.waitForLine(/WARNING/);
    const section = options.flavour === 'mariadb' ? '[mariadb]' : '[mysqld]';
    expect(told.text).toContain(
      `the binlog cannot be watched: the binlog is off (log_bin = OFF); put log_bin = binlog, server_id = 1 and binlog_format = ROW into ${section} of the server's configuration, and restart it; polling every 0.2 s, next try in `,
    );
    await database.raise(1);
    // The first reading of the table, at the start, may be the one that finds it.
    await daemon.waitForLine(/alpha: alarm seen \((poll|reconnect)\)/);
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('R5: binlog.enabled = no: polling alone, and no connection reads the binlog', async () => {
    const server = await startPrivateServer(options);
    onTestFinished(() => server.stop());
    const { database, fleet, launch } = await openSceneOfTest(server, { processes: ['alpha'] });
    const daemon = await launch({ binlog: { enabled: 'no' } });
    await database.raise(1);
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    const dumps = await database.query(
      "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'",
    );
    expect(dumps).toEqual([]);
  });
});
