import { expect, it } from 'vitest';
import { openAlarmScene } from '../../support/cli/alarm-scene.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { runProgramAsNobody } from '../../support/program.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

describeOnServers('alarm, where it cannot be done', oneServerKind, ({ server, open }) => {
  it('R13: a row that somebody else holds is given up after a while, and told', async () => {
    const { database, alarm } = await openAlarmScene(server);
    await database.session(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = 1');
      const { code, stderr } = await alarm('raise', 'httpd');
      expect(code).toBe(69);
      expect(stderr).toMatch(/a row stayed locked for too long/);
      await connection.query('ROLLBACK');
    });
    expect(await alarm('raise', 'httpd')).toMatchObject({ code: 0 });
  });

  it('wrong arguments: says what is allowed, exit code 64; a note that is too long, 1', async () => {
    const { alarm, standing } = await openAlarmScene(server);
    for (const args of [[], ['set', 'httpd'], ['raise'], ['raise', 'httpd', '--all'], ['list', '--al']]) {
      expect(await alarm(...args), args.join(' ')).toMatchObject({ code: 64, stdout: '' });
    }
    const unprintable = await alarm('raise', 'httpd', '--note', 'a\nb');
    expect(unprintable).toMatchObject({ code: 64 });
    expect(unprintable.stderr).toMatch(/Allowed: printable text/);
    const long = await alarm('clear', '--all', '--note', 'x'.repeat(101));
    expect(long).toMatchObject({ code: 1 });
    expect(long.stderr).toMatch(/has 101 characters, the column notes holds 100/);
    expect(await standing()).toEqual([]);
    expect((await alarm('raise', '--help')).stdout).toMatch(/--note <text>/);
  });

  it('no database, no such account, no configuration: each says so', async () => {
    const { scene, database, alarm } = await openAlarmScene(server);
    await scene.writeConfig({ database: { password: 'wrong-Zebra-1' } });
    const refused = await alarm('list');
    expect(refused.code).toBe(69);
    expect(refused.stderr).toMatch(/rejects this user or password.*\n→ check user and password/);
    expect(refused.stderr).not.toMatch(/Zebra/);

    await scene.writeConfig({ database: { socket: scene.path('no.sock') } });
    const away = await alarm('raise', '--all', '--json');
    expect(away.code).toBe(69);
    expect(JSON.parse(away.stdout)).toMatchObject({
      error: expect.stringContaining('the socket does not exist'),
    });

    await scene.writeConfig({ monitor: { check_intervall: 1 } });
    expect(await alarm('list')).toMatchObject({ code: 78, stdout: '' });
    expect((await database.row(1)).alarma).toBe(0);
  });

  itAsRoot('not for this user: says to use sudo, exit code 77', async () => {
    const scene = await open();
    const file = await scene.writeConfig();
    const { code, stderr } = await runProgramAsNobody(['alarm', 'list', '-c', file]);
    expect(code).toBe(77);
    expect(stderr).toMatch(/may not read .*config\.ini\n→ run the command with sudo\n$/);
  });
});
