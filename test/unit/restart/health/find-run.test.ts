import { describe, expect, it } from 'vitest';
import type { RestartReport } from '../../../../src/domain/cycle/restart-target.js';
import { createFindRun } from '../../../../src/restart/health/find-run.js';
import type { FindProcesses } from '../../../../src/restart/processes/find-processes.js';
import type { ProcessStat } from '../../../../src/restart/processes/process-info.js';
import type { UnitState } from '../../../../src/restart/systemd/unit-properties.js';
import { scriptSystemd } from '../../../support/restart/scripted-systemd.js';
import { targetOf } from '../../../support/restart/target.js';

const CUSTOM: RestartReport = { strategy: 'custom', detail: 'restart_command ended' };

function stat(pid: number): ProcessStat {
  const rest = {
    comm: 'app',
    state: 'S',
    ppid: 1,
    pgrp: pid,
    session: pid,
    kernelThread: false,
    terminal: 0,
  };
  return { pid, startTime: pid * 100, ...rest };
}

const none: FindProcesses = async () => ({ instances: [], fitsOurselves: false, onTerminal: [] });
const two: FindProcesses = async () => ({
  instances: [{ root: stat(7), below: [stat(8)] }],
  fitsOurselves: false,
  onTerminal: [],
});

describe('R30: the run that a restart began', () => {
  it('is the one that the restart itself tells of', async () => {
    const run = { unit: 'other.service', invocationId: 'x', nRestarts: 2 };
    const find = createFindRun({ systemd: scriptSystemd({ units: {} }), find: two });
    const report: RestartReport = { strategy: 'service', detail: '', run, isSelfReporting: true };
    expect(await find(targetOf('app'), report)).toEqual({ run, isSelfReporting: true });
  });

  it('is that of the unit of this name where a command restarted it', async () => {
    const systemd = scriptSystemd({ units: { 'app.service': { type: 'simple', nRestarts: 3 } } });
    expect(await createFindRun({ systemd, find: two })(targetOf('app'), CUSTOM)).toEqual({
      run: { unit: 'app.service', invocationId: 'run-0', nRestarts: 3 },
      isSelfReporting: false,
    });
  });

  it.each<[string, Partial<UnitState>, unknown]>([
    [
      'loads something again just now',
      { type: 'simple', activeState: 'refreshing' },
      { isSelfReporting: false, run: expect.objectContaining({ unit: 'app.service' }) },
    ],
    ['says itself when it is ready', { type: 'notify' }, { isSelfReporting: true, run: expect.anything() }],
    [
      'is a oneshot that systemd has forgotten',
      { type: 'oneshot', activeState: 'inactive', invocationId: '' },
      { isSelfReporting: true },
    ],
  ])('a unit that %s', async (_, state, expected) => {
    const systemd = scriptSystemd({ units: { 'app.service': state } });
    expect(await createFindRun({ systemd, find: two })(targetOf('app'), CUSTOM)).toEqual(expected);
  });

  it.each<[string, Record<string, Partial<UnitState>>, RestartReport]>([
    ['there is no unit', {}, CUSTOM],
    ['the unit of that name is dead', { 'app.service': { type: 'simple', activeState: 'failed' } }, CUSTOM],
    [
      'the processes were restarted, and not the unit',
      { 'app.service': {} },
      { strategy: 'process', detail: '' },
    ],
  ])('is that of the processes of this name where %s', async (_, units, report) => {
    const find = createFindRun({ systemd: scriptSystemd({ units }), find: two });
    expect(await find(targetOf('app'), report)).toEqual({
      run: {
        target: targetOf('app'),
        processes: [
          { pid: 7, startTime: 700 },
          { pid: 8, startTime: 800 },
        ],
      },
      isSelfReporting: false,
    });
  });

  it('cannot be told where nothing of that name is found', async () => {
    const find = createFindRun({ systemd: undefined, find: none });
    expect(await find(targetOf('app'), CUSTOM)).toEqual({ isSelfReporting: false });
  });

  it('systemd that cannot be asked is no answer', async () => {
    const systemd = scriptSystemd({ units: {} });
    const away = { ...systemd, show: () => Promise.reject(new Error('no answer')) };
    await expect(createFindRun({ systemd: away, find: two })(targetOf('app'), CUSTOM)).rejects.toThrow(
      'no answer',
    );
  });
});
