import { describe, expect, it } from 'vitest';
import type { Command, CommandResult } from '../../../src/restart/commands/run-command.js';
import { restartUnit, UnitJobPendingError } from '../../../src/restart/systemd/restart-unit.js';
import { createSystemctl } from '../../../src/restart/systemd/systemctl.js';
import { DONE, scriptSystemctl } from '../../support/restart/scripted-systemctl.js';

const options = { timeoutMs: 5000, signal: new AbortController().signal };
const FAILED: CommandResult = {
  outcome: 'exited',
  exitCode: 1,
  output: 'Job for app.service failed.\n',
  durationMs: 1,
};

describe('R17: the restart of a unit', () => {
  it('names the unit and its main process', async () => {
    const systemctl = scriptSystemctl({
      units: { 'app.service': {} },
      restarts: [{ after: { mainPid: 77 } }],
    });
    expect(await restartUnit(systemctl, 'app.service', options)).toEqual({
      strategy: 'service',
      unit: 'app.service',
      detail: 'restarted app.service with systemctl, main pid 77',
    });
    expect(systemctl.calls).toEqual(['restart app.service']);
  });

  it('goes to the unit itself where the name is an alias', async () => {
    const systemctl = scriptSystemctl({
      units: { 'alias.service': { id: 'app.service' }, 'app.service': {} },
    });
    expect((await restartUnit(systemctl, 'alias.service', options)).unit).toBe('app.service');
  });

  it('resets a unit that failed before', async () => {
    const systemctl = scriptSystemctl({
      units: { 'app.service': { activeState: 'failed', result: 'exit-code' } },
    });
    await restartUnit(systemctl, 'app.service', options);
    expect(systemctl.calls).toEqual(['reset-failed app.service', 'restart app.service']);
  });

  it('resets and tries again where the start limit is hit', async () => {
    const systemctl = scriptSystemctl({
      units: { 'app.service': {} },
      restarts: [{ result: FAILED, after: { activeState: 'failed', result: 'start-limit-hit' } }],
    });
    await restartUnit(systemctl, 'app.service', options);
    expect(systemctl.calls).toEqual([
      'restart app.service',
      'reset-failed app.service',
      'restart app.service',
    ]);
  });

  it.each([
    ['there is none', {}, /there is no unit app.service/],
    ['it is masked', { 'app.service': { loadState: 'masked' } }, /is masked/],
    ['it has a bad setting', { 'app.service': { loadState: 'bad-setting' } }, /cannot load/],
  ])('is refused where %s', async (_, units, message) => {
    const systemctl = scriptSystemctl({ units });
    const restarting = restartUnit(systemctl, 'app.service', options);
    await expect(restarting).rejects.toThrow(message);
    await expect(restarting).rejects.toMatchObject({ retryable: false, remedy: expect.any(String) });
    expect(systemctl.calls).toEqual([]);
  });

  it('failed where systemctl says so', async () => {
    const systemctl = scriptSystemctl({ units: { 'app.service': {} }, restarts: [{ result: FAILED }] });
    await expect(restartUnit(systemctl, 'app.service', options)).rejects.toThrow(
      'systemctl restart app.service: exit code 1: Job for app.service failed.',
    );
  });

  it('failed where systemctl says nothing and the unit does not run', async () => {
    const after = { activeState: 'failed', subState: 'failed', result: 'exit-code', execMainStatus: 203 };
    const systemctl = scriptSystemctl({
      units: { 'app.service': { type: 'simple' } },
      restarts: [{ after }],
    });
    await expect(restartUnit(systemctl, 'app.service', options)).rejects.toThrow(
      /does not run: it is failed .*status 203/,
    );
  });

  it('is told apart where systemd still works on it', async () => {
    const result: CommandResult = {
      outcome: 'timed-out',
      timeoutMs: 5000,
      survivors: [],
      output: '',
      durationMs: 5000,
    };
    const systemctl = scriptSystemctl({ units: { 'app.service': {} }, restarts: [{ result }] });
    await expect(restartUnit(systemctl, 'app.service', options)).rejects.toBeInstanceOf(UnitJobPendingError);
  });
});

describe('the call of systemctl', () => {
  it('R14: has the name behind `--`, as an argument of its own', async () => {
    const commands: Command[] = [];
    const systemctl = createSystemctl(async (command) => {
      commands.push(command);
      return { ...DONE, output: 'Id=app.service\nLoadState=loaded\n' };
    });
    await systemctl.show('app.service');
    await systemctl.restart('app.service', options);
    await systemctl.resetFailed('app.service');
    await systemctl.kill('app.service');
    expect(commands).toHaveLength(4);
    for (const command of commands) {
      expect('argv' in command && command.argv.slice(-2)).toEqual(['--', 'app.service']);
    }
  });

  it('says why systemd does not answer', async () => {
    const systemctl = createSystemctl(async () => ({
      ...DONE,
      exitCode: 1,
      output: 'Failed to connect to bus: Host is down\n',
    }));
    await expect(systemctl.show('app.service')).rejects.toMatchObject({
      name: 'RestartError',
      message: 'systemctl show app.service: exit code 1: Failed to connect to bus: Host is down',
      retryable: true,
    });
  });
});
