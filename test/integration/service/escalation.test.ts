import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { isAlive } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

vi.setConfig({ testTimeout: 180_000 });

describeOnServers('escalation', oneServerKind, ({ open }) => {
  it('R15: runs once when a breaker opens, by failures or by flapping, and its end is told everywhere', async () => {
    const { database, fleet, watchCalmly, run, path } = await open('broken', 'alpha', 'beta');
    const record = (file: string): string =>
      `echo "%s|$MONITOR_EVENT|$MONITOR_PROCESS|$MONITOR_MESSAGE" >> ${path(file)}; cat >> ${path('json')}`;
    const daemon = await watchCalmly({
      monitor: { max_restart_failures: 1, max_restarts: 3, circuit_reset_time: 300 },
      notify: { command: `echo "$MONITOR_EVENT $MONITOR_PROCESS" >> ${path('told')}`, events: 'escalated' },
      'process.default': { ...fleet.commands, restart_delay: 0, escalation_command: record('pages') },
      'process.beta': { escalation_command: 'echo no route; exit 3' },
    });
    await fleet.breakRestart('broken');
    await database.raise('broken');
    await daemon.waitForLine(/broken: escalated: escalation_command ended after \d+ ms/);
    // Each next alarm meets an open breaker. Should the cycle still be at its end: then a health check decides first.
    await fleet.fallIll('broken', 1);
    await database.lower('broken');
    await database.raise('broken');
    await daemon.waitForLine(/broken: not restarted: circuit breaker open/);

    while ((await fleet.restarts('alpha')) < 3) {
      const from = daemon.lines().length;
      await database.raise('alpha');
      await daemon.waitForLine(/alpha: alarm cleared/, { from });
    }
    // Should the last cycle still be at its end: then a health check decides.
    await fleet.fallIll('alpha', 1);
    await database.raise('alpha');
    await daemon.waitForLine(/alpha: flapping: 3 restarts/);
    await daemon.waitForLine(/alpha: escalated/);

    await fleet.breakRestart('beta');
    await database.raise('beta');
    await daemon.waitForLine(/ERROR .*beta: not escalated: escalation_command: exit code 3: no route/);

    const pages = (await readFile(path('pages'), 'utf8')).trim().split('\n');
    expect(pages).toEqual([
      expect.stringMatching(/^broken\|opened\|broken\|circuit breaker opened after 1 failed cycle, /),
      expect.stringMatching(/^alpha\|flapping\|alpha\|flapping: 3 restarts in /),
    ]);
    expect(JSON.parse((await readFile(path('json'), 'utf8')).split('\n')[0] ?? '')).toMatchObject({
      event: 'opened',
      process: 'broken',
      failures: 1,
    });
    const told = await waitFor('three notifications', async () => {
      const lines = (await readFile(path('told'), 'utf8').catch(() => '')).trim().split('\n');
      return lines.length === 3 && lines;
    });
    expect(told).toEqual(['escalated broken', 'escalated alpha', 'escalated beta']);
    const history = await waitFor('the history', async () => {
      const { stdout } = await run('history', '--json');
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { process: string; verdict: string; reason?: string })
        .filter(({ verdict }) => verdict === 'escalated');
      return records.length === 3 && records;
    });
    expect(history).toMatchObject([
      { process: 'broken', trigger: 'binlog' },
      { process: 'alpha' },
      { process: 'beta', reason: 'exit code 3: no route' },
    ]);
    expect((await run('check', '--dry-run', 'beta')).stdout).toContain(
      "if the circuit breaker opens: /bin/sh -c 'echo no route; exit 3'",
    );
  });

  it('R22, R16: holds up neither a restart nor the end of the service, and nothing of it survives', async () => {
    const { database, fleet, watchCalmly, path } = await open('broken', 'alpha');
    const daemon = await watchCalmly({
      monitor: { max_restart_failures: 1 },
      'process.broken': {
        restart_delay: 0,
        escalation_command: `sh -c 'trap "" TERM; echo $$ >> ${path('pid')}; while [ -d ${path('')} ]; do sleep 0.1; done'; true`,
      },
    });
    await fleet.breakRestart('broken');
    await database.raise('broken');
    const pid = await waitFor('the command', async () =>
      Number(await readFile(path('pid'), 'utf8').catch(() => '')),
    );
    await database.raise('alpha');
    await daemon.cleared('alpha');
    daemon.signal('SIGTERM');
    await daemon.waitForLine(/broken: not escalated: escalation_command: /);
    await daemon.waitForLine(/monitor_service: stopped/);
    expect(await isAlive(pid)).toBe(false);
  });
});
