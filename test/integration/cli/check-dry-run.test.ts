import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dryRun } from '../../../src/cli/check/dry-run/dry-run.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { EMPTY_STATE, formatState } from '../../../src/state/saved-state.js';
import { openCheckScene } from '../../support/cli/check-scene.js';
import { isAlive } from '../../support/restart/proc.js';
import { scriptSystemd } from '../../support/restart/scripted-systemd.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('check --dry-run', rowServerKinds, ({ server }) => {
  it('strategy custom: tells each command as it would be run', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    await scene.database.raise(1);
    await scene.configure({
      'process.mailer': { system_name: 'post', pre_restart_command: "test -n '%s'", restart_timeout: 7 },
    });
    const { code, stdout } = await scene.run('--dry-run', 'mailer');
    expect(code).toBe(0);
    for (const words of [
      'PROCESE: process_id 1; its alarm is raised now',
      'accepted, system name post',
      'closed, 0 of 3 failed cycles in a row',
      "/bin/sh -c 'test -n '\\''post'\\'''",
      'within 7 s',
      'strategy custom: restart_command is set',
      '/restart post',
      'up to 2, 2 s between them',
      'now healthy: health_check_command: exit code 0',
      'UPDATE STATUS_PROCESS SET alarma = 0',
      'restarted by custom, attempt 1',
      'WHERE process_id = 1 AND alarma = 1',
    ])
      expect(stdout).toContain(words);
    expect(await scene.fleet.restarts('post')).toBe(0);
  });

  it('strategy process: tells which processes would be stopped, and how started again', async () => {
    const scene = await openCheckScene(server);
    const { workspace, database } = scene;
    const name = workspace.name();
    const { pid } = await workspace.start(await workspace.executable(name), ['1000'], {
      env: { SECRET: 'zebra-in-the-environment' },
    });
    await database.addProcesses(name);
    await scene.configure({
      [`process.${name}`]: { restart_strategy: 'process', restart_command: '', health_check_command: '' },
    });
    const { code, stdout } = await scene.run('--dry-run', name);
    expect(code).toBe(0);
    const file = workspace.path(name);
    expect(stdout).toContain(`SIGTERM to pid ${pid}: ${file} 1000 (cwd ${workspace.directory}, uid `);
    expect(stdout).toContain(`starts ${file} 1000 (cwd ${workspace.directory}, uid `);
    expect(stdout).toContain('1 environment variables');
    expect(stdout).toContain(`now healthy: pid ${pid}`);
    // R24
    expect(stdout).not.toContain('zebra');
    expect(await isAlive(pid)).toBe(true);
  });

  it('strategy service: tells the unit, and strategy process for where that fails', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    await scene.configure({
      'process.mailer': {
        ...{ restart_strategy: 'auto', restart_command: '', health_check_command: '' },
        stable_for: 5,
      },
    });
    const systemd = scriptSystemd({
      units: { 'mailer.service': { id: 'mailer.service', activeState: 'failed', result: 'exit-code' } },
    });
    const { steps, answered } = await dryRun('mailer', loadConfig(scene.configFile), {
      health: true,
      view: snapshotHost(systemd),
    });
    expect(answered).toBe(true);
    expect(Object.fromEntries(steps.map(({ step, lines }) => [step, lines]))).toMatchObject({
      restart: [
        'strategy service: there is such a unit',
        'systemctl reset-failed -- mailer.service',
        expect.stringMatching(/^systemctl restart -- mailer\.service, now failed/),
        'within 90 s; each must then run under a new invocation',
        'if that fails: strategy process, for processes of that name that run outside any unit',
      ],
      'health check': [
        'built in: mailer.service must be active',
        expect.any(String),
        'a success if it still runs after 5 s, and is healthy then',
        expect.stringContaining('now not healthy: '),
      ],
    });
    expect(systemd.calls).toEqual([]);
  });

  it('tells a start in a transient unit where there is systemd', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const settings = { restart_strategy: 'auto', restart_command: '', start_command: 'run %s &' };
    await scene.configure({ 'process.mailer': settings });
    const { steps } = await dryRun('mailer', loadConfig(scene.configFile), {
      health: false,
      view: snapshotHost(scriptSystemd({ units: {} })),
    });
    expect(steps.find(({ step }) => step === 'restart')?.lines).toEqual([
      'strategy process: there is no unit mailer.service, and the process belongs to no other unit',
      'no process runs, so nothing is stopped',
      'starts it with start_command: run mailer &',
      '  in a transient unit process-monitor-daemon-mailer-XXXXXXXX.service, within 90 s',
    ]);
  });

  it('R9: tells that the breaker is open, and until when', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const open = { state: 'open', generation: 3, failures: 3, openings: 1, openedAt: Date.now() } as const;
    const text = formatState({ ...EMPTY_STATE, breakers: new Map([[1, open]]) });
    await writeFile(join(scene.workspace.directory, 'state.json'), text);
    const { code, stdout } = await scene.run('--dry-run', 'mailer', '--no-health');
    expect(code).toBe(1);
    expect(stdout).toMatch(/open, 3 of 3 failed cycles in a row: nothing is restarted until \d{4}-/);
  });

  it('tells that a pause holds it', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const pause = { processName: 'mailer', since: Date.now(), by: 'alice', reason: 'new disks' };
    const text = formatState({ ...EMPTY_STATE, pauses: [pause] });
    await writeFile(join(scene.workspace.directory, 'state.json'), text);
    const { code, stdout } = await scene.run('--dry-run', 'mailer', '--no-health');
    expect(code).toBe(1);
    expect(stdout).toContain('paused by alice: new disks; nothing is restarted');
  });

  it.each([
    ['no-such-process', /PROCESE has no process no-such-process\n/],
    ['web server', /refused: the name has characters outside .*\n.*notes = 'REFUSED /],
    ['left-alone', /excluded: nothing is done/],
    [
      'nowhere',
      /would fail: no process nowhere runs, and the service does not know how to start it; write start_command = /,
    ],
  ])('exits with 1 where nothing would be restarted: %s', async (name, message) => {
    const scene = await openCheckScene(server, { processes: ['web server', 'left-alone', 'nowhere'] });
    await scene.configure({
      monitor: { exclude: 'left-alone' },
      'process.nowhere': { restart_strategy: 'process', restart_command: '' },
    });
    const { code, stdout, stderr } = await scene.run('--dry-run', name);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(message);
  });

  it('tells without a database what the configuration alone can tell', async () => {
    const scene = await openCheckScene(server);
    await scene.configure({ database: { port: 1 }, 'process.mailer': { max_attempts: 1 } });
    const { code, stdout } = await scene.run('--dry-run', 'mailer');
    expect(code).toBe(0);
    expect(stdout).toContain('not done: no database server listens there');
    expect(stdout).toContain('/restart mailer');
    expect((await scene.run('--dry-run', 'unknown')).code).toBe(1);
  });

  it('--json: the same steps', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer'] });
    const { code, stdout } = await scene.run('--dry-run', 'mailer', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'mailer', answered: true });
  });
});
