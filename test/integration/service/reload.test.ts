import { chown, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { itAsRoot } from '../../support/conditional-tests.js';
import { runProgram } from '../../support/program.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

vi.setConfig({ testTimeout: 180_000 });

describeOnServers('a reload that can be asked for', oneServerKind, ({ open }) => {
  it('R22: fails with every fault of a bad file, which status shows until a good one is taken', async () => {
    const { watch, configure, run, status } = await open('alpha');
    const daemon = await watch();
    await daemon.rewriteConfig(configure({ monitor: { check_intervall: 5 }, database: { port: 0 } }));
    const refused = await run('reload');
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain('monitor.check_intervall: is not a known key');
    expect(refused.stderr).toContain('database.port: "0" is out of range');
    expect((await status()).service.refusedConfig?.problem).toMatch(
      /check_intervall.*\(and 1 more\)$|port.*\(and 1 more\)$/,
    );
    expect((await run('status')).stdout).toMatch(/^ +of \d{4}-\S+ \S+ not taken: .*config\.ini:\d+: /m);
    await daemon.rewriteConfig(configure());
    expect(await run('reload')).toMatchObject({ code: 0, stdout: 'configuration reloaded\n' });
    expect((await status()).service.refusedConfig).toBeUndefined();
  });

  itAsRoot('R22: takes no file that another user could change', async () => {
    const { watch, run } = await open('alpha');
    const daemon = await watch();
    await chown(daemon.configFile, 12_345, 0);
    const refused = await run('reload', '--json');
    expect(refused.code).toBe(78);
    expect(JSON.parse(refused.stdout.split('\n').at(-2) ?? '')).toMatchObject({
      isTaken: false,
      problem: expect.stringContaining('belongs to uid 12345'),
    });
  });

  it('as ExecReload= it signals a service that has no socket, and judges the file itself', async () => {
    const { watch, configure, path, writeConfig } = await open('alpha');
    const daemon = await watch();
    const reload = () =>
      runProgram(['reload', '-c', path('config.ini')], { env: { MAINPID: String(daemon.pid) } });
    await writeConfig({ monitor: { control_socket: path('other.sock') } });
    const from = daemon.lines().length;
    expect((await reload()).code).toBe(0);
    await daemon.waitForLine(/configuration reloaded/, { from });
    await daemon.rewriteConfig(configure({ monitor: { control_socket: path('third.sock'), no_such: 1 } }));
    expect((await reload()).code).toBe(78);
    await daemon.waitForLine(/configuration not reloaded/, { from });
  });

  it('R24: a password that a command prints is in no record, status or answer', async () => {
    const { database, watchCalmly, run, status, path } = await open('alpha');
    const password = String(database.section.password);
    const daemon = await watchCalmly({
      monitor: { max_restart_failures: 1 },
      'process.alpha': { restart_command: `echo ${password}; exit 1`, max_attempts: 1 },
    });
    await database.raise(1);
    await daemon.waitForLine(/alpha: circuit breaker opened/);
    const history = await run('history', '--json');
    const shown = [history, await run('history'), await run('status', '--json'), await run('status')];
    expect((await status()).outcomes[0]?.message).toContain('***');
    await daemon.stop();
    const all = shown.map(({ stdout }) => stdout).join('') + (await readFile(path('history.jsonl'), 'utf8'));
    expect(all).toContain('***');
    expect(all).not.toContain(password);
  });

  it('status of a stopped service waits for no server that does not answer', async () => {
    const { writeConfig, run } = await open('alpha');
    const silent = createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => silent.once('listening', resolve));
      const address = silent.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      await writeConfig({ database: { host: '127.0.0.1', port: port ?? 0 } });
      const { code, stdout } = await run('status');
      expect(code).toBe(3);
      expect(stdout).toContain('no answer within 1.5 s');
    } finally {
      silent.close();
    }
  });
});
