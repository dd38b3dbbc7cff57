import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { previewRestart } from '../../../src/restart/preview/preview-restart.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import type { UnitState } from '../../../src/restart/systemd/unit-properties.js';
import { isAlive } from '../../support/restart/proc.js';
import { scriptSystemd } from '../../support/restart/scripted-systemd.js';
import { targetOf } from '../../support/restart/target.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

describe('R17–R20: a restart that is only looked at', () => {
  let work: Workspace;
  beforeEach(async () => {
    work = await createWorkspace();
  });
  afterEach(() => work.remove());

  const preview = (
    name: string,
    settings: Partial<ProcessSettings>,
    units?: Record<string, Partial<UnitState>>,
  ) => previewRestart(targetOf(name, settings), snapshotHost(units && scriptSystemd({ units })));

  it.each([
    [{ restartStrategy: 'auto' }, {}, /^service$/],
    [{ restartStrategy: 'service' }, {}, /^service$/],
    [{ restartStrategy: 'service' }, { loadState: 'masked' }, /is masked/],
    [{ restartStrategy: 'service' }, undefined, /there is no unit/],
    [{ restartStrategy: 'custom' }, {}, /no restart_command/],
    [{ restartStrategy: 'process' }, {}, /no process .* runs, and the service does not know how to start it/],
    [{ restartStrategy: 'custom', restartCommand: 'true' }, {}, /^custom$/],
    // Its start needs a systemd that is none of a test's: that it comes to the start is what is looked for.
    [{ restartStrategy: 'process', startCommand: 'true' }, {}, /^process$|^start of process-monitor-/],
    [{ restartStrategy: 'auto', startCommand: 'true' }, undefined, /^process$|^start of process-monitor-/],
    [{ restartStrategy: 'auto', startCommand: 'true' }, { loadState: 'masked' }, /^\S+ is masked/],
  ] as const)('decides as the restart itself does: %j, unit %j', async (settings, unit, expected) => {
    const name = work.name();
    const units: Record<string, Partial<UnitState>> = unit ? { [`${name}.service`]: unit } : {};
    const outcome = async (work: Promise<string>) => work.catch((error: Error) => error.message);
    const strategies = { command: 'custom', units: 'service', processes: 'process' } as const;
    const seen = await outcome(preview(name, settings, units).then(({ kind }) => strategies[kind]));
    const restart = createRestart({ systemd: scriptSystemd({ units }) });
    const done = await outcome(
      restart(targetOf(name, settings), AbortSignal.timeout(20_000)).then(({ strategy }) => strategy),
    );
    expect(done).toMatch(expected);
    expect(seen).toBe(/start of process-monitor-/.test(done) ? 'process' : done);
  });

  it('stops nothing', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name));
    expect(await preview(name, {}, {})).toMatchObject({
      kind: 'processes',
      processes: {
        running: [{ pid, argv: [work.path(name), '1000'], cwd: work.directory, below: [] }],
        starts: [{ kind: 'program', file: work.path(name), args: ['1000'] }],
      },
    });
    expect(await isAlive(pid)).toBe(true);
  });

  it('R14: refuses this service and its aliases', async () => {
    const alias = { 'pm.service': { id: 'monitor_service.service' } };
    await expect(preview('pm', { restartStrategy: 'auto' }, alias)).rejects.toThrow('is this service itself');
    await expect(preview('monitor_service', {})).rejects.toThrow('is this service itself');
    await expect(preview('init', {})).rejects.toThrow('is pid 1');
  });

  it('sees what the shell was started from: the service does not descend from it', async () => {
    const name = work.name();
    const script = await work.script(name, ['"$@"']);
    // The preview runs below the process that it is about.
    const program = new URL('../../support/restart/preview-once.ts', import.meta.url).pathname;
    const written = await open(work.path('written'), 'w');
    const child = await work.start(script, [process.execPath, '--import', 'tsx', program, name], {
      cwd: process.cwd(),
      stdio: ['ignore', written.fd, 'ignore'],
    });
    await once(child, 'exit');
    await written.close();
    expect(JSON.parse(await readFile(work.path('written'), 'utf8'))).toEqual([child.pid]);
  });
});
