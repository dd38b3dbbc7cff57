import { describe, expect, it } from 'vitest';
import { msSinceBoot } from '../../../../src/lib/boot-clock.js';
import { shareRestarts } from '../../../../src/restart/strategies/shared-restarts.js';
import { keepUnfinishedRestarts } from '../../../../src/restart/strategies/unfinished-restarts.js';
import { whyEnded } from '../../../../src/restart/systemd/end-of-run.js';
import { restartUnit, UnitJobPendingError } from '../../../../src/restart/systemd/restart-unit.js';
import type { JobOutcome } from '../../../../src/restart/systemd/systemd-client.js';
import { LOADED, scriptSystemd } from '../../../support/restart/scripted-systemd.js';

const options = { timeoutMs: 5000, signal: new AbortController().signal };
const FAILED: JobOutcome = { outcome: 'failed', result: 'failed', reason: 'the unit failed' };

describe('R17: the restart of a unit', () => {
  it('names the unit and its main process', async () => {
    const systemd = scriptSystemd({
      units: { 'app.service': {} },
      restarts: [{ after: { mainPid: 77 } }],
    });
    expect(await restartUnit(systemd, 'app.service', options)).toEqual({
      strategy: 'service',
      unit: 'app.service',
      run: { unit: 'app.service', invocationId: 'run-1', nRestarts: 0 },
      isSelfReporting: true,
      seen: { at: expect.any(Number), state: 'active (running)' },
      detail: 'restarted app.service, main pid 77',
    });
    expect(systemd.calls).toEqual(['restart app.service']);
  });

  it('goes to the unit itself where the name is an alias', async () => {
    const systemd = scriptSystemd({
      units: { 'alias.service': { id: 'app.service' }, 'app.service': {} },
    });
    expect((await restartUnit(systemd, 'alias.service', options)).unit).toBe('app.service');
  });

  it('resets a unit that failed before', async () => {
    const systemd = scriptSystemd({
      units: { 'app.service': { activeState: 'failed', result: 'exit-code' } },
    });
    await restartUnit(systemd, 'app.service', options);
    expect(systemd.calls).toEqual(['reset-failed app.service', 'restart app.service']);
  });

  it('resets and tries again where the start limit is hit', async () => {
    const systemd = scriptSystemd({
      units: { 'app.service': {} },
      restarts: [{ outcome: FAILED, after: { activeState: 'failed', result: 'start-limit-hit' } }],
    });
    await restartUnit(systemd, 'app.service', options);
    expect(systemd.calls).toEqual(['restart app.service', 'reset-failed app.service', 'restart app.service']);
  });

  it.each([
    ['there is none', {}, /there is no unit app.service/],
    ['it is masked', { 'app.service': { loadState: 'masked' } }, /is masked/],
    ['it has a bad setting', { 'app.service': { loadState: 'bad-setting' } }, /cannot load/],
  ])('is refused where %s', async (_, units, message) => {
    const systemd = scriptSystemd({ units });
    const restarting = restartUnit(systemd, 'app.service', options);
    await expect(restarting).rejects.toThrow(message);
    await expect(restarting).rejects.toMatchObject({ retryable: false, remedy: expect.any(String) });
    expect(systemd.calls).toEqual([]);
  });

  it('failed where its job failed', async () => {
    const systemd = scriptSystemd({ units: { 'app.service': {} }, restarts: [{ outcome: FAILED }] });
    await expect(restartUnit(systemd, 'app.service', options)).rejects.toThrow(
      'restart of app.service failed: the unit failed; it is active (running)',
    );
  });

  it('failed where its job is done and the unit does not run', async () => {
    const after = { activeState: 'failed', subState: 'failed', result: 'exit-code', execMainStatus: 203 };
    const systemd = scriptSystemd({
      units: { 'app.service': { type: 'simple' } },
      restarts: [{ after }],
    });
    await expect(restartUnit(systemd, 'app.service', options)).rejects.toThrow(
      /does not run: it is failed .*status 203/,
    );
  });

  it('is told apart where systemd still works on it', async () => {
    const outcome: JobOutcome = { outcome: 'unfinished', reason: 'no end within 5 s' };
    const systemd = scriptSystemd({ units: { 'app.service': {} }, restarts: [{ outcome }] });
    await expect(restartUnit(systemd, 'app.service', options)).rejects.toBeInstanceOf(UnitJobPendingError);
  });

  describe('of a unit that comes up later than restart_timeout', () => {
    const outcome: JobOutcome = { outcome: 'unfinished', reason: 'no end within 5 s' };
    const starting = { job: 7, activeState: 'activating', subState: 'start' };
    const up = { job: 0, activeState: 'active', subState: 'running', mainPid: 77 };
    const begin = async (timeoutMs = 5000) => {
      const systemd = scriptSystemd({
        units: { 'app.service': {} },
        restarts: [{ outcome, after: starting }],
      });
      const unfinished = keepUnfinishedRestarts(() => 60_000);
      const attempt = () => restartUnit(systemd, 'app.service', { ...options, timeoutMs, unfinished });
      await expect(attempt()).rejects.toBeInstanceOf(UnitJobPendingError);
      return { systemd, attempt };
    };
    const late = {
      run: { unit: 'app.service', invocationId: 'run-1', nRestarts: 0 },
      detail: 'app.service has come up by the restart of an earlier attempt, main pid 77',
    };

    it('is waited for by the next attempt, which sends no second one', async () => {
      const { systemd, attempt } = await begin();
      const waiting = attempt();
      await Promise.resolve();
      systemd.change('app.service', up);
      expect(await waiting).toMatchObject(late);
      expect(systemd.calls).toEqual(['restart app.service']);
    });

    it('is waited for by each attempt after that', async () => {
      const { systemd, attempt } = await begin(50);
      for (let again = 0; again < 2; again += 1) {
        const error = await attempt().catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(UnitJobPendingError);
        expect(String(error)).toMatch(/still works on the earlier restart of app.service: no end within/);
      }
      expect(systemd.calls).toEqual(['restart app.service']);
      systemd.change('app.service', up);
      expect(await attempt()).toMatchObject(late);
      // Only once: the next alarm means what runs now.
      await attempt();
      expect(systemd.calls).toEqual(['restart app.service', 'restart app.service']);
    });

    it('is a failed attempt where it does not come up, and restarted by the next', async () => {
      const { systemd, attempt } = await begin();
      const waiting = attempt();
      await Promise.resolve();
      systemd.change('app.service', { job: 0, activeState: 'failed', subState: 'failed', result: 'timeout' });
      await expect(waiting).rejects.toThrow('app.service was restarted and does not run');
      await attempt();
      expect(systemd.calls).toEqual([
        'restart app.service',
        'reset-failed app.service',
        'restart app.service',
      ]);
    });

    it('answers no alarm that came after it: by then the unit that came up may be ill', async () => {
      const systemd = scriptSystemd({ units: { 'app.service': {} }, restarts: [{ outcome, after: up }] });
      const unfinished = keepUnfinishedRestarts(() => 60_000);
      const attempt = (since: number) =>
        restartUnit(systemd, 'app.service', {
          ...options,
          unfinished,
          sharing: { restarts: shareRestarts(), by: 'app', since },
        });
      await expect(attempt(0)).rejects.toBeInstanceOf(UnitJobPendingError);
      await attempt(msSinceBoot() + 1000);
      expect(systemd.calls).toEqual(['restart app.service', 'restart app.service']);
    });

    it('is restarted where the earlier restart is long ago', async () => {
      const systemd = scriptSystemd({ units: { 'app.service': {} }, restarts: [{ outcome, after: up }] });
      const unfinished = keepUnfinishedRestarts(() => -1);
      const attempt = () => restartUnit(systemd, 'app.service', { ...options, unfinished });
      await expect(attempt()).rejects.toBeInstanceOf(UnitJobPendingError);
      await attempt();
      expect(systemd.calls).toEqual(['restart app.service', 'restart app.service']);
    });
  });

  it.each([
    ['simple', false],
    ['exec', false],
    ['notify', true],
    ['notify-reload', true],
    ['dbus', true],
    ['forking', true],
    ['oneshot', true],
  ])('R30: a unit of Type=%s says itself when it is ready or done: %s', async (type, isSelfReporting) => {
    const systemd = scriptSystemd({ units: { 'app.service': { type } } });
    expect(await restartUnit(systemd, 'app.service', options)).toMatchObject({ isSelfReporting });
  });

  it.each([
    ['is another one', { invocationId: 'run-2' }, /started again meanwhile/],
    ['was begun by systemd itself', { invocationId: 'run-2', nRestarts: 1 }, /Restart=/],
    ['is being stopped', { activeState: 'deactivating', subState: 'stop-sigterm' }, /deactivating/],
    ['was forgotten', { activeState: 'inactive', subState: 'dead', invocationId: '' }, /inactive/],
    ['goes on', {}, undefined],
    ['is reloading', { activeState: 'reloading' }, undefined],
    ['is refreshing', { activeState: 'refreshing' }, undefined],
    ['is that of a oneshot which did its work', { type: 'oneshot', activeState: 'inactive' }, undefined],
  ])('a run that %s', (_, after, expected) => {
    const run = { unit: 'app.service', invocationId: 'run-1', nRestarts: 0 };
    const why = whyEnded(run, { ...LOADED, invocationId: 'run-1', ...after });
    if (expected) expect(why).toMatch(expected);
    else expect(why).toBeUndefined();
  });
});
