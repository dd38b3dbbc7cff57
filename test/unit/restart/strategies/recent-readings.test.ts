import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFindRunBegin } from '../../../../src/restart/health/find-run-begin.js';
import { RecentReadings } from '../../../../src/restart/strategies/recent-readings.js';
import { createRestart } from '../../../../src/restart/strategies/restart.js';
import type { SystemdClient } from '../../../../src/restart/systemd/systemd-client.js';
import { scriptSystemd } from '../../../support/restart/scripted-systemd.js';
import { targetOf } from '../../../support/restart/target.js';

const target = { ...targetOf('app', { restartStrategy: 'service' }), exclude: ['other'] };
const { signal } = new AbortController();
let asked: string[] = [];
let now = 0;

beforeEach(() => {
  asked = [];
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

function host() {
  const scripted = scriptSystemd({ units: { 'app.service': { type: 'simple' } } });
  const show: SystemdClient['show'] = (unit, properties) => {
    asked.push(unit);
    return scripted.show(unit, properties);
  };
  const systemd = { ...scripted, show };
  const readings = new RecentReadings(systemd);
  return {
    findRunBegin: createFindRunBegin(readings),
    restart: createRestart({ systemd, readings }),
    calls: scripted.calls,
  };
}

it('R17: what was asked of a unit just before its restart is not asked again', async () => {
  const { findRunBegin, restart, calls } = host();
  await findRunBegin(target);
  await restart(target, signal);
  expect(asked).toEqual(['app.service']);
  expect(calls).toEqual(['restart app.service']);
});

it('R17: it is asked again where the restart comes later, and by each further restart', async () => {
  const { findRunBegin, restart } = host();
  await findRunBegin(target);
  now += 150;
  await restart(target, signal);
  expect(asked).toHaveLength(2);
  await restart(target, signal);
  expect(asked).toHaveLength(3);
});

it('R17: what was asked for one target says nothing of another', async () => {
  const { findRunBegin, restart } = host();
  await findRunBegin(target);
  await restart({ ...targetOf('other', { restartStrategy: 'service' }) }, signal).catch(() => {});
  expect(asked).toContain('other.service');
});
