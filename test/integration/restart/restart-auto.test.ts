import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import type {
  JobOutcome,
  SystemdClient,
  TransientUnit,
} from '../../../src/restart/systemd/systemd-client.js';
import { isAlive, pidsWith } from '../../support/restart/proc.js';
import { scriptSystemd } from '../../support/restart/scripted-systemd.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();
const FAILED: JobOutcome = { outcome: 'failed', result: 'failed', reason: 'the unit failed' };

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

/** A daemon that somebody else starts again, so that no start of ours is needed. */
async function startSupervised(name: string): Promise<number> {
  const file = await work.executable(name);
  await work.start('/bin/sh', ['-c', `while :; do ${file} 1000; done`]);
  return waitFor('the daemon', async () => (await pidsWith(name))[0]);
}

const auto = { restartStrategy: 'auto' as const };

describe('R19: strategy auto', () => {
  it('restarts the unit of that name, and no process', async () => {
    const name = work.name();
    const pid = await startSupervised(name);
    const systemd = scriptSystemd({ units: { [`${name}.service`]: {} } });
    const report = await createRestart({ systemd })(targetOf(name, auto), signal);
    expect(report).toMatchObject({ strategy: 'service', unit: `${name}.service` });
    expect(await isAlive(pid)).toBe(true);
  });

  it('restarts the process where there is no such unit', async () => {
    const name = work.name();
    const pid = await startSupervised(name);
    const systemd = scriptSystemd({ units: {} });
    const report = await createRestart({ systemd })(targetOf(name, auto), signal);
    expect(report.strategy).toBe('process');
    expect(systemd.calls).toEqual([]);
    expect(await isAlive(pid)).toBe(false);
  });

  it('restarts the process where the unit failed, and tells both', async () => {
    const name = work.name();
    const pid = await startSupervised(name);
    const systemd = scriptSystemd({ units: { [`${name}.service`]: {} }, restarts: [{ outcome: FAILED }] });
    const report = await createRestart({ systemd })(targetOf(name, auto), signal);
    expect(report.strategy).toBe('process');
    expect(report.detail).toMatch(/^restart of .* failed: the unit failed; .*; then by process: stopped pid/);
    expect(await isAlive(pid)).toBe(false);
  });

  it.each([
    { fault: 'fails', unit: {}, restarts: [{ outcome: FAILED }] },
    { fault: 'is masked', unit: { loadState: 'masked' }, restarts: [] },
    { fault: 'cannot be loaded', unit: { loadState: 'bad-setting' }, restarts: [] },
  ])('starts nothing by hand where the unit $fault and no process runs', async ({ unit, restarts }) => {
    const name = work.name();
    const mark = work.path('started');
    const systemd = scriptSystemd({ units: { [`${name}.service`]: unit }, restarts });
    const target = targetOf(name, { ...auto, startCommand: `touch ${mark}` });
    const error = await createRestart({ systemd })(target, signal).catch(String);
    expect(error).toMatch(/the unit failed|is masked|cannot load/);
    expect(error).not.toMatch(/then by process/);
    expect(systemd.calls.filter((call) => !call.startsWith('restart'))).toEqual([]);
    expect(await readdir(work.directory)).toEqual([]);
  });

  it('leaves the process alone while systemd still works on the unit', async () => {
    const name = work.name();
    const pid = await startSupervised(name);
    const outcome: JobOutcome = { outcome: 'unfinished', reason: 'no end within 1 s' };
    const systemd = scriptSystemd({ units: { [`${name}.service`]: {} }, restarts: [{ outcome }] });
    await expect(createRestart({ systemd })(targetOf(name, auto), signal)).rejects.toThrow(
      /systemd still works on it/,
    );
    expect(await isAlive(pid)).toBe(true);
  });
});

describe('R14: an excluded unit', () => {
  const excluded = { id: 'mysqld.service', names: ['mysqld.service', 'mysql.service'] };
  const hidden = { ...targetOf('mysql', auto), exclude: ['mysqld'] };

  it.each(['auto', 'service'] as const)('is not restarted by another of its names (%s)', async (strategy) => {
    const systemd = scriptSystemd({ units: { 'mysql.service': excluded } });
    const target = { ...hidden, settings: { ...hidden.settings, restartStrategy: strategy } };
    await expect(createRestart({ systemd })(target, signal)).rejects.toMatchObject({
      message: 'mysql.service is mysqld.service, which is excluded in config.ini',
      retryable: false,
    });
    expect(systemd.calls).toEqual([]);
  });

  it('is not restarted by restart_command either', async () => {
    const mark = work.path('ran');
    const systemd = scriptSystemd({ units: { 'mysql.service': excluded } });
    const settings = { ...hidden.settings, restartCommand: `touch ${mark}` };
    await expect(createRestart({ systemd })({ ...hidden, settings }, signal)).rejects.toThrow(/excluded/);
    expect(await readdir(work.directory)).toEqual([]);
  });
});

describe('R17: strategy service', () => {
  it('touches no process when the unit failed', async () => {
    const name = work.name();
    const pid = await startSupervised(name);
    const systemd = scriptSystemd({ units: { [`${name}.service`]: {} }, restarts: [{ outcome: FAILED }] });
    const target = targetOf(name, { restartStrategy: 'service' });
    await expect(createRestart({ systemd })(target, signal)).rejects.toThrow(/the unit failed/);
    expect(await isAlive(pid)).toBe(true);
  });
});

describe('R18: the start in a transient unit', () => {
  it('R24: hands the environment over in a file for root alone, and removes it', async () => {
    const name = work.name();
    await work.start(await work.executable(name), ['1000'], { env: { PASSWORD: "s3cret' $x" } });
    const { RUNTIME_DIRECTORY } = process.env;
    process.env.RUNTIME_DIRECTORY = work.directory;
    const systemd = scriptSystemd({ units: {}, transient: { activeState: 'active' } });
    let given: TransientUnit | undefined;
    let file = '';
    const recording: SystemdClient = {
      ...systemd,
      // Stands in for a systemd that does not run here: takes down what it was given.
      async startTransient(unit, wait) {
        given = unit;
        file =
          unit.properties.flatMap(({ assignment }) => /^EnvironmentFile=(.*)/.exec(assignment) ?? [])[1] ??
          '';
        const modes = [await stat(file), await stat(dirname(file))].map(({ mode }) =>
          (mode & 0o777).toString(8),
        );
        expect(modes).toEqual(['600', '700']);
        expect(await readFile(file, 'utf8')).toBe('PASSWORD="s3cret\' \\$x"\n');
        return systemd.startTransient(unit, wait);
      },
    };
    try {
      const report = await createRestart({ systemd: recording })(targetOf(name), signal);
      expect(report.detail).toMatch(/started pid 4711 in process-monitor-daemon-.*\.service$/);
    } finally {
      if (RUNTIME_DIRECTORY === undefined) delete process.env.RUNTIME_DIRECTORY;
      else process.env.RUNTIME_DIRECTORY = RUNTIME_DIRECTORY;
    }
    expect(
      JSON.stringify(given, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain('s3cret');
    expect(await readdir(work.directory)).toEqual([name]);
  });
});

describe('the built-in health check where systemd runs', () => {
  const options = { timeoutMs: 30_000 };

  it('asks for the unit that was restarted', async () => {
    const units = { 'other.service': {}, 'x.service': { id: 'other.service' } };
    const checkHealth = createHealthCheck({ systemd: scriptSystemd({ units }) });
    const report = { strategy: 'service', unit: 'other.service', detail: '' } as const;
    expect(await checkHealth(targetOf('x'), report, options)).toEqual({
      healthy: true,
      detail: 'other.service is active (running)',
    });
  });

  it('R29: a supervisor that is active vouches for none of its processes', async () => {
    const name = work.name();
    const systemd = scriptSystemd({ units: { 'svd.service': {} } });
    const report = { strategy: 'service', unit: 'svd.service', detail: '' } as const;
    const check = () => createHealthCheck({ systemd })(targetOf(name, auto), report, { timeoutMs: 30_000 });
    expect(await check()).toEqual({ healthy: false, reason: `no process ${name} runs` });
    const { pid } = await work.start(await work.executable(name));
    expect(await check()).toEqual({ healthy: true, detail: `pid ${pid}` });
  });

  it('is not healthy where that unit failed, whatever else runs', async () => {
    const name = work.name();
    await work.start(await work.executable(name));
    const state = { activeState: 'failed', subState: 'failed', result: 'exit-code', execMainStatus: 1 };
    const checkHealth = createHealthCheck({
      systemd: scriptSystemd({ units: { [`${name}.service`]: state } }),
    });
    const report = { strategy: 'service', unit: `${name}.service`, detail: '' } as const;
    expect(await checkHealth(targetOf(name), report, options)).toEqual({
      healthy: false,
      reason: `${name}.service is failed (result exit-code, status 1)`,
    });
  });

  it('takes a oneshot that did its work for healthy', async () => {
    const state = { activeState: 'inactive', subState: 'dead', type: 'oneshot' };
    const checkHealth = createHealthCheck({ systemd: scriptSystemd({ units: { 'x.service': state } }) });
    expect(await checkHealth(targetOf('x', auto), undefined, options)).toMatchObject({ healthy: true });
  });

  it('looks for the process where it was the process that was restarted', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name));
    const state = { activeState: 'failed' };
    const checkHealth = createHealthCheck({
      systemd: scriptSystemd({ units: { [`${name}.service`]: state } }),
    });
    const report = { strategy: 'process', detail: '' } as const;
    expect(await checkHealth(targetOf(name, auto), report, options)).toEqual({
      healthy: true,
      detail: `pid ${pid}`,
    });
  });
});
