import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { complaints, faults, openCheckScene } from '../../support/cli/check-scene.js';
import { startPrivateServer } from '../../support/private-server.js';
import { isAlive } from '../../support/restart/proc.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('check', rowServerKinds, ({ server, kind }) => {
  it('has nothing to complain of where all is well, and says what it looked at', async () => {
    const { check, database } = await openCheckScene(server, { processes: ['mailer', 'plc-gateway'] });
    const found = await check();
    expect(complaints(found)).toEqual([]);
    expect(found).toMatchObject({ code: 0, ready: true, faults: 0 });
    expect(found.sections.map(({ heading }) => heading)).toEqual([
      'Configuration',
      'Host',
      'Files',
      'Database',
      'Binlog',
      'Tables',
      'Rows',
      'Processes',
    ]);
    const text = JSON.stringify(found);
    for (const words of ['binlog_row_image', 'lower_case_table_names', 'the server began to send'])
      expect(text).toContain(words);
    expect(text).toContain(`${database.user}'@'localhost`);
    expect(text).toContain('healthy now: health_check_command: exit code 0');
    expect(text).not.toContain(database.password);
  });

  it('asks for no UPDATE where the service only reads', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const { database } = scene;
    await database.query(`REVOKE UPDATE (alarma, notes) ON STATUS_PROCESS FROM ${database.account}`);
    await scene.configure({ monitor: { acknowledge: 'none' } });
    const found = await scene.check();
    expect(faults(found)).toEqual([]);
    expect(JSON.stringify(found)).toContain('"SELECT on both tables: held"');
    expect((await scene.run('--dry-run', 'mailer')).stdout).toMatch(/nothing \(acknowledge = none\)/);
  });

  it('looks for the program of the notifications and for the folder of the textfile, and shows no token', async () => {
    const scene = await openCheckScene(server);
    const configured = async (command: string, textfile: string) => {
      await scene.configure({
        notify: { command, webhook: 'https://example.org/hook?token=hush-7' },
        metrics: { textfile },
      });
      return scene.check('--no-health');
    };
    const folder = scene.workspace.path('no-such-folder');
    const bad = await configured('no-such-program --quick', `${folder}/monitor.prom`);
    expect(faults(bad)).toEqual([
      expect.objectContaining({ subject: 'textfile', message: `${folder} does not exist` }),
      expect.objectContaining({ message: 'command: there is no program no-such-program' }),
    ]);
    const good = await configured('cat >/dev/null', scene.workspace.path('monitor.prom'));
    expect(faults(good)).toEqual([]);
    const text = JSON.stringify(good);
    expect(text).toContain('example.org receives failed, ');
    expect(text).not.toContain('hush-7');
  });

  it('finds three things that are wrong at once', async () => {
    const scene = await openCheckScene(server, { processes: ['web server', 'mailer'] });
    const { database } = scene;
    await database.query(
      `DROP INDEX alarma ON STATUS_PROCESS; REVOKE UPDATE (alarma, notes) ON STATUS_PROCESS FROM ${database.account}`,
    );
    await scene.configure({ 'process.mailer': { pre_restart_command: 'no-such-program -t' } });
    const found = await scene.check();
    expect(found.code).toBe(1);
    expect(faults(found)).toEqual([
      expect.objectContaining({
        subject: 'privileges',
        remedy: `GRANT UPDATE (alarma, notes) ON \`${database.name}\`.STATUS_PROCESS TO ${database.account};`,
      }),
      expect.objectContaining({ subject: 'web server', message: expect.stringContaining('refused') }),
      expect.objectContaining({
        subject: 'mailer',
        message: 'pre_restart_command: there is no program no-such-program',
      }),
    ]);
  });

  it.each([
    ['REVOKE REPLICATION SLAVE ON *.* FROM'],
    ['REVOKE REPLICATION CLIENT ON *.* FROM'],
    ['REVOKE SELECT ON PROCESE FROM'],
    ['REVOKE SELECT ON STATUS_PROCESS FROM'],
    ['REVOKE UPDATE (alarma, notes) ON STATUS_PROCESS FROM'],
    ['REVOKE ALL PRIVILEGES, GRANT OPTION FROM'],
  ])('R6: after `%s` the GRANTs that it prints make all well again', async (revoke) => {
    const { check, database } = await openCheckScene(server, { processes: ['mailer'] });
    await database.query(`${revoke} ${database.account}`);
    const before = await check('--no-health');
    expect(before.code).toBe(1);
    const remedies = faults(before).map(({ remedy }) => remedy ?? '');
    expect(remedies).not.toEqual([]);
    for (const remedy of remedies) expect(remedy).toMatch(/^GRANT .*;$/);
    await database.query(remedies.join(' '));
    expect(complaints(await check('--no-health'))).toEqual([]);
  });

  it('touches nothing: no command but the health check is run, no row and no process changes', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const { database, fleet, workspace } = scene;
    const name = workspace.name();
    const { pid } = await workspace.start(await workspace.executable(name));
    await database.query(
      "INSERT INTO PROCESE VALUES (9, ?); INSERT INTO STATUS_PROCESS VALUES (9, 1, 0, 'hot')",
      [name],
    );
    const mark = workspace.path('was-run');
    const touch = `touch ${mark}`;
    await scene.configure({
      'process.mailer': { pre_restart_command: touch, start_command: touch },
      [`process.${name}`]: { restart_strategy: 'process', restart_command: '', health_check_command: 'true' },
    });
    const stateFile = workspace.path('state.json');
    await writeFile(stateFile, 'no state at all');
    const rows = async () => database.query('SELECT * FROM STATUS_PROCESS; SELECT * FROM PROCESE');
    const endOfBinlog = () =>
      database.query(kind.options.flavour === 'mysql' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
    const before = [await rows(), await endOfBinlog()];

    await scene.check();
    await scene.run('--dry-run', 'mailer');
    await scene.run('--dry-run', name);

    expect([await rows(), await endOfBinlog()]).toEqual(before);
    expect(await isAlive(pid)).toBe(true);
    expect((await fleet.journal()).map(({ what }) => what)).toEqual(['check', 'check']);
    expect(await readFile(stateFile, 'utf8')).toBe('no state at all');
    await expect(readFile(mark)).rejects.toThrow('ENOENT');

    await scene.check('--no-health');
    expect(await fleet.journal()).toHaveLength(2);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, /rejects this user or password/, /sql\/grants\.sql/],
    ['nothing that listens', { port: 1 }, /no database server listens there/, /host, port and socket/],
  ])('goes on without a database: %s', async (_, section, message, remedy) => {
    const scene = await openCheckScene(server);
    await scene.configure({ database: section, 'process.mailer': { max_attempts: 1 } });
    const found = await scene.check();
    expect(found.code).toBe(1);
    expect(faults(found)).toEqual([
      {
        level: 'fault',
        subject: 'connection',
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      },
    ]);
    // The sections of the file are looked at all the same.
    expect(JSON.stringify(found)).toContain('healthy now');
  });

  it('names the database that does not exist', async () => {
    const scene = await openCheckScene(server);
    await scene.database.query(`GRANT SELECT ON *.* TO ${scene.database.account}`);
    await scene.configure({ database: { database: 'no_such_database' } });
    expect(faults(await scene.check())).toEqual([
      expect.objectContaining({ message: expect.stringContaining('this database does not exist') }),
    ]);
  });

  it('wants TLS where it is told to, and says what to do where there is none', async () => {
    // MariaDB makes itself a certificate since 11.4, as MySQL does.
    const offersTls = kind.options.flavour === 'mysql' || Number.parseFloat(server.version) >= 11.4;
    const scene = await openCheckScene(server);
    await scene.configure({ database: { ssl_mode: 'required' } });
    const found = await scene.check();
    if (offersTls) {
      expect(JSON.stringify(found)).toMatch(
        /TLSv1\.[23], [A-Z0-9_-]+; the server's certificate is not checked/,
      );
    } else {
      expect(faults(found)).toEqual([
        expect.objectContaining({
          message: expect.stringContaining('offers no TLS'),
          remedy: expect.stringContaining('ssl_mode'),
        }),
      ]);
    }
  });

  it('finds a server that hangs, within its deadline', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    await server.kill('SIGSTOP');
    try {
      const found = await scene.check();
      expect(faults(found)).toEqual([
        expect.objectContaining({ subject: 'connection', message: expect.stringContaining('in time') }),
      ]);
    } finally {
      await server.kill('SIGCONT');
    }
  });

  it('finds what the rows of the two tables say against each other', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer', 'mailer.service'] });
    await scene.database.query(`SET SESSION foreign_key_checks = 0;
      INSERT INTO PROCESE VALUES (7, 'silent'); INSERT INTO STATUS_PROCESS (process_id) VALUES (8)`);
    await scene.configure({ 'process.mailr': { max_attempts: 1 } });
    const found = complaints(await scene.check('--no-health')).map(
      ({ message, remedy }) => `${message}; ${remedy}`,
    );
    expect(found).toEqual([
      "has no name for process_id 8: an alarm of it is refused; INSERT INTO PROCESE (process_id, process_name) VALUES (8, '…');",
      'has no row for process_id 7: an UPDATE cannot raise its alarm; INSERT INTO STATUS_PROCESS (process_id) VALUES (7);',
      'process_id 1, 2 are the same program, mailer: an alarm of either restarts it; keep one of the rows',
      '[process.mailr] has no effect: PROCESE has no process of that name, did you mean [process.mailer]?; add it to PROCESE, or remove the section',
    ]);
  });

  it('finds tables that the service can work with only badly', async () => {
    const scene = await openCheckScene(server, {
      tables: `CREATE TABLE PROCESE (process_id INT, process_name VARCHAR(100)) ENGINE = MyISAM;
        CREATE TABLE STATUS_PROCESS (process_id INT PRIMARY KEY, alarma TINYINT, notes VARCHAR(20));
        CREATE TRIGGER watch AFTER UPDATE ON STATUS_PROCESS FOR EACH ROW SET @seen = 1`,
    });
    await scene.database.query(`GRANT TRIGGER ON ${scene.database.name}.* TO ${scene.database.account}`);
    const found = await scene.check();
    const text = complaints(found)
      .map(({ subject, message }) => `${subject}: ${message}`)
      .join('\n');
    for (const words of [
      /STATUS_PROCESS has no index on alarma/,
      /PROCESE: process_id is not a key/,
      /PROCESE: engine MyISAM/,
      /STATUS_PROCESS: notes holds 20 characters/,
    ])
      expect(text).toMatch(words);
    expect(JSON.stringify(found)).toContain('triggers: watch (AFTER UPDATE)');
  });

  it('counts the rows of each host, and finds those of no host', async () => {
    const scene = await openCheckScene(server, { processes: ['a', 'b', 'c', 'd'] });
    await scene.database.query(`ALTER TABLE STATUS_PROCESS ADD host_id VARCHAR(64);
      UPDATE STATUS_PROCESS SET host_id = IF(process_id = 1, 'here', 'ther') WHERE process_id < 4`);
    await scene.configure({ monitor: { host_id: 'here' } });
    const text = JSON.stringify(await scene.check('--no-health'));
    expect(text).toContain('1 row of this host, here; others: ther (2)');
    expect(text).toContain('1 row of STATUS_PROCESS has no host_id: this service ignores it');
    await scene.configure({ monitor: { host_id: 'hre' } });
    expect(complaints(await scene.check('--no-health'))).toContainEqual(
      expect.objectContaining({
        subject: 'host_id',
        message: expect.stringMatching(
          /^no row of STATUS_PROCESS is of this host, hre: .*ther \(2\), here \(1\)$/,
        ),
      }),
    );
    await scene.configure({ monitor: {} });
    expect(faults(await scene.check('--no-health'))).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(
          /^STATUS_PROCESS has a column host_id, but \[monitor\] sets no host_id/,
        ),
        remedy: expect.stringMatching(/^set host_id = auto/),
      }),
    );
  });

  it('R14: shows a hostile host_id without its control characters', async () => {
    const scene = await openCheckScene(server, { processes: ['a', 'b'] });
    await scene.database.query(`ALTER TABLE STATUS_PROCESS ADD host_id VARCHAR(64);
      UPDATE STATUS_PROCESS SET host_id = CONCAT(CHAR(27), '[2J', CHAR(10), 'all is well') WHERE process_id = 1;
      UPDATE STATUS_PROCESS SET host_id = 'here' WHERE process_id = 2`);
    await scene.configure({ monitor: { host_id: 'here' } });
    const { stdout } = await scene.run('--no-health');
    expect(stdout).toMatch(/1 row of this host, here; others: .*all is well \(1\)/);
    expect(stdout).not.toContain('\u001b');
  });

  it('finds a column that would be misread, with the words of the service', async () => {
    const scene = await openCheckScene(server, {
      tables: `CREATE TABLE PROCESE (process_id INT PRIMARY KEY, process_name VARCHAR(100));
        CREATE TABLE STATUS_PROCESS (process_id INT PRIMARY KEY, alarma ENUM('0', '1'), notes VARCHAR(20))`,
    });
    expect(faults(await scene.check())).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/^STATUS_PROCESS: alarma is enum\('0','1'\), allowed: a number/),
        remedy: expect.stringMatching(/^ALTER TABLE STATUS_PROCESS MODIFY alarma TINYINT/),
      }),
    );
  });
});

describe.each(rowServerKinds())('check, another server of $name', ({ options: { flavour } }) => {
  it.each([
    ['no binlog', { binlog: false }, /^the binlog is off/, /log_bin = binlog/],
    [
      'a filter',
      { extraArgs: ['--binlog-do-db=another'] },
      /does not write changes of .* to its binlog/,
      /remove binlog_do_db/,
    ],
  ])('R6: finds that the server has %s, in the words of the log', async (_, options, message, remedy) => {
    const server = await startPrivateServer({ flavour, ...options });
    onTestFinished(() => server.stop());
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const found = faults(await scene.check('--no-health'));
    expect(found).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      }),
    ]);
    // Where the administrator does not want it, nothing is missing.
    await scene.configure({ binlog: { enabled: 'no' } });
    expect(complaints(await scene.check('--no-health'))).toEqual([]);
  });
});
