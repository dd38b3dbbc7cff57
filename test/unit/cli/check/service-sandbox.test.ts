import { describe, expect, it } from 'vitest';
import { findReadOnly, parseSandbox } from '../../../../src/cli/check/host/service-sandbox.js';

const SHIPPED = parseSandbox('LoadState=not-found\n');

describe('what the sandbox lets the service write', () => {
  it.each([
    ['/var/lib/monitor_service', undefined],
    ['/srv/x', undefined],
    ['/etc/monitor_service', '/etc'],
    ['/etcetera', undefined],
    ['/home/joe/log', '/home'],
    ['/usr/local/log', '/usr'],
  ])('the unit as it is shipped: %s', (path, expected) => {
    expect(findReadOnly(path, SHIPPED)).toBe(expected);
    expect(SHIPPED.overridesModes).toBe(false);
  });

  it('an installed unit with a drop-in: the nearest folder decides', () => {
    const edited = parseSandbox(
      [
        'LoadState=loaded',
        'ProtectSystem=strict',
        'ProtectHome=no',
        'ReadWritePaths=-/srv/log +/etc/mine',
        'ReadOnlyPaths=/srv/log/old',
        'StateDirectory=monitor_service',
        'LogsDirectory=',
        'CapabilityBoundingSet=cap_kill cap_dac_override',
      ].join('\n'),
    );
    const judged = [
      '/srv/log/x',
      '/srv/log/old/x',
      '/etc/mine',
      '/etc',
      '/home',
      '/var/lib/monitor_service/x',
      '/var/log/monitor_service',
    ];
    expect(judged.map((path) => findReadOnly(path, edited))).toEqual([
      undefined,
      '/srv/log/old',
      undefined,
      '/',
      '/',
      undefined,
      '/',
    ]);
    expect(edited.overridesModes).toBe(true);
  });
});
