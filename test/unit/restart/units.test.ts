import { describe, expect, it } from 'vitest';
import { describeUnitState } from '../../../src/restart/systemd/describe-unit-state.js';
import {
  commandUnitName,
  daemonUnitName,
  isDaemonUnitOf,
} from '../../../src/restart/systemd/transient-name.js';
import { unitNameOf } from '../../../src/restart/systemd/unit-name.js';
import { isRestartableOwner, unitOfCgroups } from '../../../src/restart/systemd/unit-of-cgroups.js';
import { EMPTY_UNIT, type UnitState } from '../../../src/restart/systemd/unit-properties.js';
import { judgeRestart } from '../../../src/restart/systemd/unit-verdict.js';

const RUNNING: UnitState = {
  ...EMPTY_UNIT,
  conditionResult: true,
  conditionTimestamp: 1,
  id: 'app.service',
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  type: 'simple',
  result: 'success',
  invocationId: 'aaaa',
  mainPid: 12,
  execMainStatus: 0,
  killMode: 'control-group',
};

describe('the unit of a process', () => {
  it.each([
    ['0::/system.slice/app.service', 'app.service'],
    ['0::/system.slice/app.service/worker', 'app.service'],
    ['0::/system.slice/system-app.slice/app@one.service', 'app@one.service'],
    ['0::/user.slice/user-0.slice/session-3.scope', 'session-3.scope'],
    ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/app.service', 'user@1000.service'],
    ['0::/system.slice/_cpu.service', 'cpu.service'],
    ['9:name=systemd:/system.slice/app.service\n4:memory:/other\n0::/', 'app.service'],
    ['0::/init.scope', 'init.scope'],
    ['0::/', undefined],
    ['4:memory:/process_api/1234\n0::/', undefined],
    ['', undefined],
  ])('R19: %j → %s', (cgroups, unit) => {
    expect(unitOfCgroups(cgroups)).toBe(unit);
  });

  it.each([
    'session-3.scope',
    'user@1000.service',
    'init.scope',
    'own.service',
    daemonUnitName('app'),
    commandUnitName('app@1', 'restart'),
  ])('R19: %s is never restarted for a process in it', (unit) =>
    expect(isRestartableOwner(unit, 'own.service')).toBe(false),
  );

  it('R19: a service is', () => {
    expect(isRestartableOwner('app@one.service', 'own.service')).toBe(true);
  });
});

describe('the name of a unit', () => {
  it.each([
    ['app', 'app.service'],
    ['app.service', 'app.service'],
    ['app.socket', 'app.socket'],
    ['my.app', 'my.app.service'],
    ['app@one', 'app@one.service'],
  ])('R17: %s is %s', (name, unit) => expect(unitNameOf(name)).toBe(unit));

  it.each(['x.target', 'x.slice', 'x.mount', 'x.automount', 'x.swap', 'x.scope', 'x.device', 'X.Target'])(
    'R14: %s is refused',
    (name) => expect(() => unitNameOf(name)).toThrow(/never restarted/),
  );
});

describe('the state of a unit', () => {
  it('is put in words', () => {
    expect(describeUnitState(RUNNING)).toBe('active (running)');
    expect(
      describeUnitState({
        ...RUNNING,
        activeState: 'failed',
        subState: 'failed',
        result: 'exit-code',
        execMainStatus: 203,
      }),
    ).toBe('failed (result exit-code, status 203)');
  });
});

describe('R17: after its restart a unit', () => {
  const judge = (after: Partial<UnitState>, before: Partial<UnitState> = {}) =>
    judgeRestart({ ...RUNNING, ...before }, { ...RUNNING, invocationId: 'bbbb', ...after }).verdict;

  it('runs when it is active under a new InvocationID', () => expect(judge({})).toBe('runs'));
  it.each(['reloading', 'refreshing'])('runs when it is %s already', (activeState) =>
    expect(judge({ activeState })).toBe('runs'),
  );
  it('runs when it was not running before', () =>
    expect(judge({}, { activeState: 'failed', invocationId: '' })).toBe('runs'));
  it('failed when it is still the same run', () => expect(judge({ invocationId: 'aaaa' })).toBe('failed'));
  it('failed when its executable is missing', () =>
    expect(judge({ activeState: 'failed', result: 'exit-code', execMainStatus: 203 })).toBe('failed'));
  it('failed when systemd starts it over and over', () =>
    expect(judge({ activeState: 'activating', subState: 'auto-restart' })).toBe('failed'));
  it('is waited for while it starts', () =>
    expect(judge({ activeState: 'activating', subState: 'start' })).toBe('wait'));
  it('failed when it ended at once', () =>
    expect(judge({ activeState: 'inactive', subState: 'dead' })).toBe('failed'));
  it('succeeded as a oneshot that has done its work', () =>
    expect(judge({ type: 'oneshot', activeState: 'inactive' })).toBe('runs'));
  it('succeeded as a oneshot whose run systemd has forgotten', () =>
    expect(judge({ type: 'oneshot', activeState: 'inactive', invocationId: '' })).toBe('runs'));
  it('failed as a oneshot that did not run', () =>
    expect(judge({ type: 'oneshot', activeState: 'inactive', invocationId: 'aaaa' })).toBe('failed'));
  it('failed as a oneshot that was not started, since its Condition… is not met', () =>
    expect(
      judge({ type: 'oneshot', activeState: 'inactive', invocationId: '', conditionResult: false }),
    ).toBe('failed'));
  it('succeeded as a oneshot of which systemd has forgotten all, its conditions too', () =>
    expect(
      judge({
        type: 'oneshot',
        activeState: 'inactive',
        invocationId: '',
        conditionResult: false,
        conditionTimestamp: 0,
      }),
    ).toBe('runs'));
  it('failed as a oneshot that failed', () =>
    expect(judge({ type: 'oneshot', activeState: 'failed', result: 'exit-code' })).toBe('failed'));
});

it('R31: the unit of a daemon is told from that of a longer name', () => {
  for (const name of ['app', 'app-worker', 'app@1'])
    expect(isDaemonUnitOf(daemonUnitName(name), name)).toBe(true);
  expect(isDaemonUnitOf(daemonUnitName('app-worker'), 'app')).toBe(false);
  expect(isDaemonUnitOf(daemonUnitName('app-0123abcd'), 'app')).toBe(false);
  expect(isDaemonUnitOf(commandUnitName('app', 'restart'), 'app')).toBe(false);
});
