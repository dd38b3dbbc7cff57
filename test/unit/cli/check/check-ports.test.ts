import { describe, expect, it } from 'vitest';
import { judgePorts } from '../../../../src/cli/check/host/check-ports.js';
import { parseSandbox } from '../../../../src/cli/check/host/service-sandbox.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';

const SHIPPED = parseSandbox('LoadState=not-found\n');
const WITH_CAPABILITY = parseSandbox(
  'LoadState=loaded\nCapabilityBoundingSet=cap_kill cap_net_bind_service\n',
);
const listening = (web: number | undefined, metrics: number | undefined) => ({
  web: { ...DEFAULT_CONFIG.web, ...(web && { listen: { host: '0.0.0.0', port: web } }) },
  metrics: { ...DEFAULT_CONFIG.metrics, ...(metrics && { listen: { host: '::1', port: metrics } }) },
});

describe('a port that the unit may not listen on', () => {
  it('is a fault of each section, with what to do', () => {
    const found = judgePorts(listening(443, 80), SHIPPED, 1024);
    expect(found).toMatchObject([
      { level: 'fault', subject: 'web', message: expect.stringContaining('port 443: ports below 1024') },
      { level: 'fault', subject: 'metrics', message: expect.stringContaining('port 80') },
    ]);
    expect(found[0]?.remedy).toContain('CapabilityBoundingSet=CAP_NET_BIND_SERVICE');
  });

  it.each([
    ['a port from 1024', listening(1024, 9750), SHIPPED, 1024],
    ['none', listening(undefined, undefined), SHIPPED, 1024],
    ['the capability', listening(443, 80), WITH_CAPABILITY, 1024],
    ['a host that lets everybody have port 443', listening(443, undefined), SHIPPED, 443],
    ['no systemd', listening(443, undefined), undefined, 1024],
  ])('is none with %s', (_, config, sandbox, firstFree) => {
    expect(judgePorts(config, sandbox, firstFree)).toEqual([]);
  });
});
