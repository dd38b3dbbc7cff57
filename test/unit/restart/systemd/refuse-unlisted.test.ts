import { describe, expect, it } from 'vitest';
import { namesTheHost } from '../../../../src/domain/cycle/names-the-host.js';
import { refuseUnlisted } from '../../../../src/restart/systemd/refuse-unlisted.js';
import type { UnitState } from '../../../../src/restart/systemd/unit-properties.js';
import { LOADED } from '../../../support/restart/scripted-systemd.js';

/** A unit that never ran, and that nothing starts. */
const IDLE: UnitState = {
  ...LOADED,
  names: ['app.service'],
  activeState: 'inactive',
  subState: 'dead',
  unitFileState: 'static',
  invocationId: '',
  inactiveExitTimestamp: 0,
};
const judge = (unit: Partial<UnitState>, triggers: readonly Partial<UnitState>[] = []) =>
  refuseUnlisted(
    { ...IDLE, ...unit },
    triggers.map((trigger) => ({ ...IDLE, ...trigger })),
  );

describe('R25: a name without a section may have a unit restarted', () => {
  it.each(['active', 'activating', 'reloading', 'refreshing', 'deactivating', 'failed'])(
    'that is %s',
    (activeState) => expect(judge({ activeState })).toBeUndefined(),
  );
  it.each(['enabled', 'enabled-runtime'])('that is %s', (unitFileState) =>
    expect(judge({ unitFileState })).toBeUndefined(),
  );
  it('that has run since the host came up', () =>
    expect(judge({ inactiveExitTimestamp: 5_000_000 })).toBeUndefined());
  it('that an active socket, timer or path starts', () =>
    expect(judge({}, [{ activeState: 'inactive' }, { activeState: 'active' }])).toBeUndefined());
});

describe('R25: a name without a section may not have a unit started', () => {
  it.each(['static', 'disabled', 'indirect', 'generated', 'masked', ''])(
    'that never ran and is %j',
    (unitFileState) => expect(judge({ unitFileState }, [{}])).toMatch(/does not run, is not enabled/),
  );
  it.each([
    ['successAction', 'reboot-force'],
    ['failureAction', 'poweroff'],
    ['startLimitAction', 'reboot'],
    ['jobTimeoutAction', 'exit'],
  ] as const)('that has %s=%s, whatever else it is', (key, action) =>
    expect(judge({ activeState: 'active', [key]: action })).toMatch(new RegExp(`${key}=${action}`, 'i')),
  );
  it.each([
    'systemd-logind.service',
    'systemd-reboot.service',
    'user@1000.service',
    'rescue.service',
    'emergency.service',
    'debug-shell.service',
  ])('that is %s by its own name or an alias', (name) => {
    expect(judge({ activeState: 'active', id: name })).toMatch(/belongs to the host/);
    expect(judge({ activeState: 'active', names: ['app.service', name] })).toMatch(/belongs to the host/);
  });
});

describe('R25: the names of the host', () => {
  it.each(['reboot', 'poweroff', 'halt', 'shutdown', 'Systemd-Reboot', 'rescue.service', 'user@0'])(
    '%s is one',
    (name) => expect(namesTheHost(name)).toBe(true),
  );
  it.each(['rebootd', 'nginx', 'user', 'my-systemd-thing', 'rescue2'])('%s is none', (name) =>
    expect(namesTheHost(name)).toBe(false),
  );
});
