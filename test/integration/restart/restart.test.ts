import { execFile } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { runPreRestart } from '../../../src/restart/strategies/run-pre-restart.js';
import { createConfigCommandRunner } from '../../../src/restart/systemd/run-config-command.js';
import { pidsWith } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();
const run = createConfigCommandRunner({});
const restart = createRestart({ systemd: undefined });

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

describe('R20: restart_command', () => {
  it.each(['service', 'process', 'auto', 'custom'] as const)(
    'replaces the restart of strategy %s',
    async (strategy) => {
      const name = work.name();
      const { pid } = await work.start(await work.executable(name));
      const settings = { restartStrategy: strategy, restartCommand: `echo "%s" >${work.path('ran')}` };
      const report = await restart(targetOf(name, settings), signal);
      expect(report.strategy).toBe('custom');
      expect(await readFile(work.path('ran'), 'utf8')).toBe(`${name}\n`);
      expect(await pidsWith(name)).toEqual([pid]);
    },
  );

  it('tells when the command runs, and not of one that is refused', async () => {
    const settings = { restartCommand: 'true' };
    let begun = 0;
    const onBegun = (): void => {
      begun += 1;
    };
    await restart(targetOf(work.name(), settings), signal, { onBegun });
    expect(begun).toBe(1);
    const refused = restart(targetOf('systemd', settings), signal, { onBegun: () => expect.fail() });
    await expect(refused).rejects.toThrow(/pid 1/);
  });

  it('failed: the error has exit code and last line', async () => {
    const settings = { restartCommand: 'echo trying; echo "port 80 in use" >&2; exit 4' };
    await expect(restart(targetOf(work.name(), settings), signal)).rejects.toMatchObject({
      name: 'RestartError',
      message: 'restart_command: exit code 4: port 80 in use',
      retryable: true,
    });
  });

  it('R16: has restart_timeout for a deadline', async () => {
    const settings = { restartCommand: 'sleep 1000', restartTimeoutMs: 300 };
    await expect(restart(targetOf(work.name(), settings), signal)).rejects.toThrow(
      'no answer within 0.3 s, killed',
    );
  });

  it('is required by strategy custom', async () => {
    const target = targetOf(work.name(), { restartStrategy: 'custom' });
    await expect(restart(target, signal)).rejects.toMatchObject({ name: 'RestartError', retryable: false });
  });
});

describe('without systemd', () => {
  it('R17: strategy service says so', async () => {
    const target = targetOf(work.name(), { restartStrategy: 'service' });
    await expect(restart(target, signal)).rejects.toMatchObject({
      message: 'strategy service: systemd is not running here',
      retryable: false,
      remedy: expect.stringContaining('restart_strategy'),
    });
  });

  it('R19: strategy auto restarts the process', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name));
    const report = await restart(targetOf(name, { restartStrategy: 'auto' }), signal);
    expect(report.strategy).toBe('process');
    expect(await pidsWith(name)).not.toContain(pid);
    expect(await pidsWith(name)).toHaveLength(1);
  });
});

describe('R14: never restarted', () => {
  it.each([
    'systemd',
    'init',
    'init.service',
    'monitor_service',
    'monitor_service.service',
    'multi-user.target',
    'system.slice',
    'home.mount',
  ])('%s', async (name) => {
    const target = targetOf(name, { restartStrategy: 'auto', restartCommand: `touch ${work.path('ran')}` });
    await expect(restart(target, signal)).rejects.toMatchObject({ name: 'RestartError', retryable: false });
    expect(await readdir(work.directory)).toEqual([]);
  });

  it('this service, by the name of its own script', async () => {
    const name = work.name();
    const once = new URL('../../support/restart/restart-once.ts', import.meta.url).pathname;
    await symlink(once, work.path(name));
    const running = promisify(execFile)(process.execPath, ['--import', 'tsx', work.path(name), name]);
    await expect(running).rejects.toThrow(`${name} is this service itself or what started it`);
  });
});

describe('pre_restart_command', () => {
  it('is nothing where there is none', async () => {
    const ran: string[] = [];
    await runPreRestart(targetOf(work.name()), signal, (shell, options) => {
      ran.push(shell);
      return run(shell, options);
    });
    expect(ran).toEqual([]);
  });

  it('R15: gets the system name', async () => {
    const command = `echo '%s' %s >${work.path('ran')}`;
    await runPreRestart(targetOf('some-name', { preRestartCommand: command }), signal, run);
    expect(await readFile(work.path('ran'), 'utf8')).toBe('some-name some-name\n');
  });

  it('failed: the error has the last line', async () => {
    const target = targetOf(work.name(), { preRestartCommand: 'echo "Syntax error on line 7"; exit 1' });
    await expect(runPreRestart(target, signal, run)).rejects.toMatchObject({
      name: 'RestartError',
      message: 'pre_restart_command: exit code 1: Syntax error on line 7',
    });
  });

  it('R16: has a deadline and can be aborted', async () => {
    const target = targetOf(work.name(), { preRestartCommand: 'sleep 1000', restartTimeoutMs: 300 });
    await expect(runPreRestart(target, signal, run)).rejects.toThrow(/no answer within 0.3 s/);
    await expect(runPreRestart(target, AbortSignal.abort(), run)).rejects.toThrow(/aborted/);
  });
});
