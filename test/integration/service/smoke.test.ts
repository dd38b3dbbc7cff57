import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/command-line.js';
import { freePort } from '../../support/database/free-port.js';
import { NODE, runProgram } from '../../support/program.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

const NODE_VERSION = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();

/** What `npm run test:matrix` tries with each Node.js: everything that a Node.js could break, once and at its shortest. */
describeOnServers('smoke', oneServerKind, ({ open }) => {
  it('an alarm is answered through the binlog, and SIGTERM ends the service well', async () => {
    const { database, fleet, watchCalmly, status } = await open('alpha');
    const daemon = await watchCalmly();
    await database.raise('alpha');
    await daemon.waitForLine(/ alpha: alarm seen \(binlog\)/);
    await daemon.cleared('alpha');
    expect(await database.row('alpha')).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(await fleet.restarts('alpha')).toBe(1);
    expect(await status()).toMatchObject({ stream: { state: 'streaming' }, totals: { failed: 0 } });
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toEqual({ code: 0, signal: null });
    expect(daemon.stderr()).toBe('');
  });

  it('an alarm that the binlog does not show is answered by polling', async () => {
    const { database, watchCalmly } = await open('alpha');
    const daemon = await watchCalmly({ monitor: { check_interval: 0.5 } });
    await database.query('SET SESSION sql_log_bin = 0; UPDATE STATUS_PROCESS SET alarma = 1');
    await daemon.waitForLine(/ alpha: alarm seen \(poll\)/);
    await daemon.cleared('alpha');
  });

  it('the breaker opens, is shown, survives a restart of the service, and is reset', async () => {
    const { database, fleet, watch, watchCalmly, run, status } = await open('alpha');
    const config = { monitor: { max_restart_failures: 1 }, 'process.default': { max_attempts: 1 } };
    const before = await watchCalmly(config);
    await fleet.breakRestart('alpha');
    await database.raise('alpha');
    await before.waitForLine(/alpha: circuit breaker opened/);
    await before.stop();
    const daemon = await watch(config);
    expect((await status()).breakers).toMatchObject([{ processName: 'alpha', state: 'open' }]);
    await fleet.repair('alpha');
    expect(await run('reset', 'alpha')).toMatchObject({ code: 0 });
    await daemon.cleared('alpha');
  });

  it('a reload is taken, and refused where the file is bad', async () => {
    const { watch, configure, run } = await open('alpha');
    const daemon = await watch();
    await daemon.reload({ monitor: { check_interval: 7 } });
    await daemon.rewriteConfig(configure({ monitor: { check_interval: 'soon' } }));
    expect(await run('reload')).toMatchObject({ code: 78 });
  });

  it('check and the metrics work', async () => {
    const { watch, run, status } = await open();
    const port = await freePort();
    await watch({ metrics: { listen: `127.0.0.1:${port}` } });
    const metrics = await waitFor('the metrics', () =>
      fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined),
    );
    expect(await metrics.text()).toContain(NODE_VERSION);
    expect((await status()).stream.state).toBe('streaming');
    expect((await run('check', '--json')).stdout).toContain('"findings"');
  });
});

const commands = createProgram(() => {}).commands.flatMap((command) => [
  [command.name()],
  ...command.commands.map((inner) => [command.name(), inner.name()]),
]);

it.each(commands.map((command) => [command.join(' '), command] as const))(
  'smoke: %s --help',
  async (_, command) => {
    const { code, stdout, stderr } = await runProgram([...command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: monitor_service ${command.join(' ')}`);
  },
);

it('smoke: --version is that of package.json', async () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  expect(await runProgram(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});
