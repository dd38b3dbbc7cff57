import { expect, it } from 'vitest';
import { runProgram } from '../../support/program.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('check beside a running service', rowServerKinds, ({ open }) => {
  it('leaves its stream alone, whatever server_id it has', async () => {
    const { database, watchCalmly } = await open('mailer');
    const daemon = await watchCalmly({ binlog: { server_id: 4711 } });
    const { code, stdout } = await runProgram(['check', '--config', daemon.configFile]);
    expect(stdout).toContain('the server began to send');
    expect(code).toBe(0);
    await database.raise(1);
    await daemon.waitForLine(/mailer: alarm seen \(binlog\)/);
    await daemon.cleared('mailer');
    expect(daemon.lines().filter((line) => /watching the binlog/.test(line))).toHaveLength(1);
    expect(daemon.lines().filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
  });

  it('finds that its number is that of the server', async () => {
    const { database, watch } = await open();
    const [row] = (await database.query('SELECT @@server_id AS id')) as { id: number }[];
    const daemon = await watch({ binlog: { server_id: row?.id ?? 0 } });
    const { code, stdout } = await runProgram(['check', '--config', daemon.configFile]);
    expect(stdout).toMatch(
      /✘ {2}server_id .*is the server_id of the server itself\n {6}→ set server_id = auto/,
    );
    expect(code).toBe(1);
  });
});
