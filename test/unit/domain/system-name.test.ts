import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Admission, admit } from '../../../src/domain/cycle/admission.js';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { checkSystemName } from '../../../src/domain/system-name.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';

describe('R14: the alphabet of system names', () => {
  it.each([
    'nginx',
    'Nginx2',
    'a',
    '9p',
    'my.service',
    'getty@tty1',
    'a-b_c.d:e@f',
    'nginx.service',
    'initd',
    'my-monitor_service',
    'x'.repeat(100),
  ])('accepts %j', (name) => {
    expect(checkSystemName(name)).toBeUndefined();
  });

  it.each([
    ['a;reboot', 'characters'],
    ['$(id)', 'characters'],
    ['`id`', 'characters'],
    ['a|b', 'characters'],
    ['a&b', 'characters'],
    ['a>b', 'characters'],
    ["a'b", 'characters'],
    ['a"b', 'characters'],
    ['a\\b', 'characters'],
    ['a/b', 'characters'],
    ['%s', 'characters'],
    ['a%s', 'characters'],
    ['../x', 'characters'],
    ['a/../x', 'characters'],
    ['a..b', '".."'],
    ['*', 'characters'],
    ['ssh*', 'characters'],
    ['ssh?', 'characters'],
    ['[a-z]', 'characters'],
    ['-H', 'characters'],
    ['--force', 'characters'],
    ['.hidden', 'characters'],
    ['_x', 'characters'],
    ['@x', 'characters'],
    [':x', 'characters'],
    ['', 'empty'],
    [' ', 'characters'],
    ['a b', 'characters'],
    [' nginx', 'characters'],
    ['nginx ', 'characters'],
    ['na\nme', 'characters'],
    ['name\n', 'characters'],
    ['\nname', 'characters'],
    ['name\r', 'characters'],
    ['name\u2028', 'characters'],
    ['na\0me', 'characters'],
    ['name\0', 'characters'],
    ['é'.repeat(100), 'characters'],
    ['nginх', 'characters'],
    ['ｎginx', 'characters'],
    ['x'.repeat(101), 'longer'],
    ['x'.repeat(1_000_000), 'longer'],
  ])('refuses %j', (name, why) => {
    expect(checkSystemName(name)).toContain(why);
  });

  it.each([
    ['-.mount', 'characters'],
    ['x.target', '.target'],
    ['reboot.target', '.target'],
    ['X.SLICE', '.slice'],
    ['home.mount', '.mount'],
    ['x.AutoMount', '.automount'],
    ['x.swap', '.swap'],
    ['x.device', '.device'],
    ['session-1.scope', '.scope'],
    ['monitor_service', 'itself'],
    ['Monitor_Service.service', 'itself'],
    ['init', 'pid 1'],
    ['systemd', 'pid 1'],
    ['systemd.service', 'pid 1'],
  ])('never restarts %j', (name, why) => {
    expect(checkSystemName(name)).toContain(why);
  });

  it('R14: whatever passes holds nothing but the alphabet', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'aZ0._@:-\n\0 /$*;é'), maxLength: 12 }),
    );
    const allowed = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:-');
    fc.assert(
      fc.property(anyText, (name) => {
        if (checkSystemName(name) !== undefined) return;
        expect([...name].every((character) => allowed.has(character))).toBe(true);
        expect(name).not.toMatch(/^[^A-Za-z0-9]|\.\./);
        expect(name.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('R14: which alarms are answered', () => {
  const defaults = settings({});
  const decide = (name: string, sections: Record<string, ProcessSettings> = {}): Admission =>
    admit(name, {
      defaults,
      byName: new Map(Object.entries(sections)),
      exclude: ['cron'],
      onlyListed: false,
    });

  it('a name without a section is its own system name', () => {
    expect(decide('nginx')).toEqual({
      kind: 'accepted',
      target: {
        ...{ processName: 'nginx', systemName: 'nginx', settings: defaults, hasSection: false },
        exclude: ['cron'],
      },
    });
  });

  it('a name whose section has a system_name is only a key, whatever its characters', () => {
    const own = settings({ systemName: 'nginx' });
    for (const name of ['Web server; $(id)', 'monitor_service', '', '*', 'a\nb']) {
      const expected = {
        kind: 'accepted',
        target: {
          ...{ processName: name, systemName: 'nginx', settings: own, hasSection: true },
          exclude: ['cron'],
        },
      };
      expect(decide(name, { [name]: own })).toEqual(expected);
    }
  });

  it('a name whose section has no system_name must itself be fit', () => {
    expect(decide('a;b', { 'a;b': settings({}) })).toMatchObject({ kind: 'refused' });
  });

  it('the system name must keep the alphabet as well', () => {
    for (const systemName of ['a;reboot', 'monitor_service', 'x.target', ''])
      expect(decide('web', { web: settings({ systemName }) })).toMatchObject({ kind: 'refused' });
  });

  it('a section is that of both spellings of a unit, and the nearer one where both have a section', () => {
    const own = settings({ maxAttempts: 7 });
    const other = settings({ maxAttempts: 8, systemName: 'mariadb' });
    const target = { systemName: 'mysqld', settings: own, hasSection: true };
    expect(decide('mysqld.service', { mysqld: own })).toMatchObject({ target });
    const spelled = { ...target, systemName: 'mysqld.service' };
    expect(decide('mysqld', { 'mysqld.service': own })).toMatchObject({ target: spelled });
    const both = { mysqld: own, 'mysqld.service': other };
    expect(decide('mysqld', both)).toMatchObject({ target });
    expect(decide('mysqld.service', both)).toMatchObject({
      target: { settings: other, systemName: 'mariadb' },
    });
    expect(decide('mysqld.socket', both)).toMatchObject({ target: { hasSection: false } });
  });

  it('but for that a section is found by its exact name only', () => {
    const own = settings({ systemName: 'nginx' });
    expect(decide('Web ', { Web: own })).toMatchObject({ kind: 'refused' });
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(decide(name, {})).not.toMatchObject({ target: { settings: own } });
  });

  it('R25: a name of the host needs a section', () => {
    for (const name of ['systemd-logind', 'rescue', 'user@1000', 'reboot']) {
      expect(decide(name)).toMatchObject({ kind: 'refused' });
      expect(decide(name, { [name]: settings({}) })).toMatchObject({ kind: 'accepted' });
    }
  });

  it('R25: only_listed refuses every name without a section', () => {
    const rules = { defaults, byName: new Map([['web', settings({})]]), exclude: [], onlyListed: true };
    expect(admit('web', rules)).toMatchObject({ kind: 'accepted' });
    expect(admit('mailer', rules)).toEqual({
      kind: 'refused',
      reason: 'there is no [process.mailer], and only_listed is set',
      remedy: 'add the section if this process is to be restarted',
    });
  });

  it('a refusal has its own remedy, and none where the reason is one', () => {
    const unusable = new Map([['web', 'quote pre_restart_command in config.ini, line 3']]);
    const byName = new Map([['web', settings({})]]);
    const remedyOf = (name: string) =>
      admit(name, { defaults, byName, exclude: [], onlyListed: false, unusable });
    expect(remedyOf('web server')).toMatchObject({
      remedy: 'rename it in PROCESE, or add [process.web server] with a system_name',
    });
    expect(remedyOf('reboot')).toMatchObject({
      remedy: 'rename it in PROCESE, or add [process.reboot] if it is meant',
    });
    expect(remedyOf('web')).toEqual({ kind: 'refused', reason: unusable.get('web') });
  });

  it('an excluded name is left alone, whether fit or not', () => {
    expect(decide('cron')).toEqual({ kind: 'excluded' });
    expect(decide('cron', { cron: settings({ systemName: 'crond' }) })).toEqual({ kind: 'excluded' });
    expect(decide('crond')).toMatchObject({ kind: 'accepted' });
  });

  it('R14: an excluded name is excluded in both spellings, also as the system name of a section', () => {
    const excluding = (exclude: string, name: string, sections = {}) =>
      admit(name, {
        defaults,
        byName: new Map(Object.entries(sections)),
        exclude: [exclude],
        onlyListed: false,
      });
    expect(excluding('mysqld', 'mysqld.service')).toEqual({ kind: 'excluded' });
    expect(excluding('mysqld.service', 'mysqld')).toEqual({ kind: 'excluded' });
    const section = { db: settings({ systemName: 'mysqld.service' }) };
    expect(excluding('mysqld', 'db', section)).toEqual({ kind: 'excluded' });
  });
});

function settings(more: Partial<ProcessSettings>): ProcessSettings {
  return { ...DEFAULT_CONFIG.processes.defaults, ...more };
}
