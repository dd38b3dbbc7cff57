import { expect, it } from 'vitest';
import { openAlarmScene } from '../../support/cli/alarm-scene.js';
import { runProgram } from '../../support/program.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('alarm', rowServerKinds, ({ server, open }) => {
  it('raise: the running service answers it, and the note is what it was raised with', async () => {
    const scene = await open('httpd', 'mailer', 'plc');
    const daemon = await scene.watchCalmly();
    const { code, stdout } = await runProgram([
      ...['alarm', 'raise', 'mailer', '--note', 'no answer on port 25', '-c', daemon.configFile],
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '2  mailer  raised\n' });
    await daemon.waitForLine(/mailer: alarm seen \(binlog\).*notes="no answer on port 25"/);
    await daemon.cleared('mailer');
    expect(await scene.fleet.restarts('mailer')).toBe(1);
  });

  it('list: shows all processes, or the standing alarms alone, for people and for scripts', async () => {
    const { database, alarm } = await openAlarmScene(server, {}, { monitor: { exclude: 'plc' } });
    await database.query("UPDATE STATUS_PROCESS SET alarma = 1, sound = 1, notes = 'x' WHERE process_id = 2");
    await database.query("INSERT INTO PROCESE VALUES (9, 'a\\nb')");
    const all = await alarm('list');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout.split('\n')).toEqual([
      'id  process         alarm   sound  notes',
      '1   httpd           normal  0',
      '2   mailer          ALARM   1      x',
      '3   plc (excluded)  normal  0',
      '9   a\\nb            no row  -',
      '',
    ]);
    expect((await alarm('list', '--standing')).stdout).toMatch(/^id.*\n2 .*\n$/);
    expect(JSON.parse((await alarm('list', '--standing', '--json')).stdout)).toEqual({
      processes: [
        {
          ...{ processId: 2, processName: 'mailer', isRaised: true },
          ...{ sound: 1, notes: 'x', isExcluded: false },
        },
      ],
    });
    await database.query('UPDATE STATUS_PROCESS SET alarma = 0');
    expect((await alarm('list', '--standing')).stdout).toBe('no alarm is raised\n');
  });

  it('raise and clear take names, ids and --all, and leave alone what is so already', async () => {
    const { database, alarm, standing } = await openAlarmScene(server);
    expect((await alarm('raise', '3', 'httpd')).stdout).toBe('3  plc    raised\n1  httpd  raised\n');
    expect(await standing()).toEqual([1, 3]);
    expect(JSON.parse((await alarm('raise', '--all', '--json')).stdout)).toEqual({
      processes: [
        { processId: 1, processName: 'httpd', outcome: 'raised already' },
        { processId: 2, processName: 'mailer', outcome: 'raised' },
        { processId: 3, processName: 'plc', outcome: 'raised already' },
      ],
    });
    expect(await standing()).toEqual([1, 2, 3]);
    expect((await alarm('clear', 'plc', '--note', 'by hand')).stdout).toBe('3  plc  cleared\n');
    expect(await database.row(3)).toEqual({ alarma: 0, sound: 0, notes: 'by hand' });
    expect((await alarm('clear', '--all')).stdout).toBe('1  httpd   cleared\n2  mailer  cleared\n');
    expect(await standing()).toEqual([]);
    expect(await alarm('clear', '--all')).toMatchObject({ code: 0, stdout: 'nothing to do\n' });
  });

  it('unknown names are told all at once, and nothing is written', async () => {
    const { alarm, standing } = await openAlarmScene(server);
    const { code, stdout, stderr } = await alarm(
      'raise',
      'httpd',
      'htpd',
      '77',
      "x'; DROP TABLE PROCESE; --",
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('"htpd": no such process, did you mean "httpd"?\n');
    expect(stderr).toContain('"77": no process of this name, and no process_id 77\n');
    expect(stderr).toContain(`"x'; DROP TABLE PROCESE; --": no such process\n→ nothing was written;`);
    expect(await standing()).toEqual([]);
    expect(JSON.parse((await alarm('raise', 'x', '--json')).stdout)).toMatchObject({
      error: '"x": no such process',
    });
  });

  it('R24: a privilege that is missing is named as the GRANT to type, and nothing is written', async () => {
    const { database, alarm, standing } = await openAlarmScene(server);
    await database.query("INSERT INTO PROCESE VALUES (4, 'fresh')");
    const refused = await alarm('raise', 'httpd', 'fresh');
    expect(refused.code).toBe(69);
    const [grant = ''] = /GRANT INSERT .*;/.exec(refused.stderr) ?? [];
    expect(grant).toContain(`TO ${database.account};`);
    expect(refused.stderr).not.toContain(database.password);
    // One transaction: the UPDATE before it is undone.
    expect(await standing()).toEqual([]);
    await database.query(grant);
    expect((await alarm('raise', 'httpd', 'fresh', '--note', 'new')).stdout).toBe(
      '1  httpd  raised\n4  fresh  row added and raised\n',
    );
    expect(await database.row(4)).toEqual({ alarma: 1, sound: 0, notes: 'new' });

    await database.query(`REVOKE UPDATE (alarma, notes) ON STATUS_PROCESS FROM ${database.account}`);
    const [update = ''] = /GRANT UPDATE .*;/.exec((await alarm('clear', '--all')).stderr) ?? [];
    await database.query(update);
    expect(await alarm('clear', '--all')).toMatchObject({ code: 0 });
    expect(await standing()).toEqual([]);
  });

  it.each([
    ['status', [1, 2]],
    ['process', [1, 2]],
  ] as const)('sees and writes the rows of its host alone, host_id in %s', async (where, ours) => {
    const { database, alarm, standing } = await openAlarmScene(server, {}, { monitor: { host_id: 'here' } });
    const table = where === 'status' ? 'STATUS_PROCESS' : 'PROCESE';
    await database.query(`ALTER TABLE ${table} ADD host_id VARCHAR(20) DEFAULT 'here'`);
    await database.query(`UPDATE ${table} SET host_id = 'there' WHERE process_id = 3`);
    expect((await alarm('list')).stdout).not.toContain('plc');
    expect(await alarm('raise', 'plc')).toMatchObject({ code: 1 });
    expect(await alarm('raise', '3')).toMatchObject({ code: 1 });
    expect(await alarm('raise', '--all')).toMatchObject({ code: 0 });
    expect(await standing()).toEqual(ours);
    if (where === 'status') {
      // Two hosts have a row of the same process.
      await database.query(`ALTER TABLE STATUS_PROCESS DROP PRIMARY KEY, ADD PRIMARY KEY (process_id, host_id);
        INSERT INTO STATUS_PROCESS (process_id, host_id, alarma) VALUES (2, 'there', 1)`);
      expect(await alarm('clear', '2')).toMatchObject({ code: 0 });
      expect(await standing()).toEqual([1, 2]);
      await database.query("DELETE FROM STATUS_PROCESS WHERE process_id = 2 AND host_id = 'there'");
    }
    await database.raise(3);
    expect(await alarm('clear', '--all')).toMatchObject({ code: 0 });
    expect(await standing()).toEqual([3]);
  });

  it('serves tables of an older layout', async () => {
    const { database, alarm, standing } = await openAlarmScene(server, {
      processes: ['old'],
      tables: `CREATE TABLE PROCESE (process_name VARBINARY(100), process_id BIGINT UNSIGNED);
        CREATE TABLE STATUS_PROCESS (process_id BIGINT UNSIGNED, alarma BIT(1) NOT NULL DEFAULT b'0', notes TEXT)`,
    });
    expect((await alarm('raise', 'old')).stdout).toBe('1  old  raised\n');
    expect(await standing()).toEqual([1]);
    expect((await alarm('list')).stdout).toMatch(/^1 +old +ALARM +-$/m);
    await database.query("UPDATE STATUS_PROCESS SET alarma = b'0'");
    expect((await alarm('clear', 'old')).stdout).toBe('1  old  not in alarm\n');
  });
});
