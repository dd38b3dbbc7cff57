import { expect, it } from 'vitest';
import { readOnce } from '../../../../src/restart/strategies/read-once.js';
import type { SystemdClient } from '../../../../src/restart/systemd/systemd-client.js';
import { scriptSystemd } from '../../../support/restart/scripted-systemd.js';

function record(): { systemd: SystemdClient; asked: string[]; fail: { next?: Error } } {
  const scripted = scriptSystemd({ units: { 'app.service': {} } });
  const asked: string[] = [];
  const fail: { next?: Error } = {};
  const show: SystemdClient['show'] = (unit, properties) => {
    asked.push(`${unit}: ${properties.join(' ')}`);
    const { next } = fail;
    delete fail.next;
    return next ? Promise.reject(next) : scripted.show(unit, properties);
  };
  return { systemd: readOnce({ ...scripted, show }, ['id', 'activeState']), asked, fail };
}

it('what several steps ask of a unit before a restart is read in one go', async () => {
  const { systemd, asked } = record();
  const states = await Promise.all([
    systemd.show('app.service', ['id']),
    systemd.show('app.service', ['activeState']),
  ]);
  expect(states).toEqual([{ id: 'app.service' }, { activeState: 'active' }]);
  expect(asked).toEqual(['app.service: id activeState']);
});

it('what nobody foresaw is asked for with the rest, of each unit by itself', async () => {
  const { systemd, asked } = record();
  await systemd.show('app.service', ['id']);
  await systemd.show('app.service', ['type', 'id']);
  await systemd.show('other.service', ['id']);
  expect(asked).toEqual([
    'app.service: id activeState',
    'app.service: id activeState type',
    'other.service: id activeState',
  ]);
});

it('what was done to a unit makes it be asked again', async () => {
  const { systemd, asked } = record();
  await systemd.show('app.service', ['id']);
  await systemd.restart('app.service', { timeoutMs: 1000 });
  await systemd.show('app.service', ['id']);
  expect(asked).toHaveLength(2);
});

it('what could not be told is asked again', async () => {
  const { systemd, asked, fail } = record();
  fail.next = new Error('the bus is away');
  await expect(systemd.show('app.service', ['id'])).rejects.toThrow('away');
  expect(await systemd.show('app.service', ['id'])).toEqual({ id: 'app.service' });
  expect(asked).toHaveLength(2);
});
