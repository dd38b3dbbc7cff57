import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATEMENT_TIMEOUT_MS } from '../../../src/db/connection/query.js';
import { isAlive } from '../../support/restart/proc.js';
import { createAlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('the daemon', rowServerKinds, ({ server, open }) => {
  it('R22: SIGTERM lets a running cycle finish, begins no other, and ends with exit code 0', async () => {
    const { database, fleet, watchCalmly, raiseAndHold } = await open('running', 'late', 'queued');
    const daemon = await watchCalmly({ monitor: { max_parallel_restarts: 1 } });
    await raiseAndHold('running');
    await database.raise(3);
    await daemon.waitForLine(/queued: alarm seen/);
    daemon.signal('SIGTERM');
    await daemon.waitForLine(/SIGTERM: stopping/);
    await database.raise(2);
    await fleet.release('running');
    expect(await daemon.exit).toEqual({ code: 0, signal: null });
    expect(daemon.lines().at(-1)).toMatch(/monitor_service: stopped$/);
    expect(await database.row(1)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(await database.row(2)).toMatchObject({ alarma: 1, notes: null });
    expect(await database.row(3)).toMatchObject({ alarma: 1, notes: null });
    expect((await fleet.journal()).filter(({ name }) => name === 'late' || name === 'queued')).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('R22: %s ends it with exit code 0', async (signal) => {
    const { watch } = await open();
    const daemon = await watch();
    daemon.signal(signal);
    expect(await daemon.exit).toEqual({ code: 0, signal: null });
    expect(daemon.stderr()).toBe('');
  });

  it('R22: after shutdown_timeout the running commands are killed', async () => {
    const { database, watch, raiseAndHold } = await open('alpha');
    const daemon = await watch({ monitor: { shutdown_timeout: 0.2 } });
    const { pid } = await raiseAndHold('alpha');
    daemon.signal('SIGTERM');
    await daemon.waitForLine(
      /running cycles did not end within 0.2 s \(shutdown_timeout in \[monitor\]\) and are aborted now/,
    );
    expect((await daemon.exit).signal).toBeNull();
    expect(await isAlive(pid)).toBe(false);
    expect(await database.row(1)).toMatchObject({ alarma: 1, notes: null });
  });

  it('R22: a second signal ends it at once with exit code 1, and its commands with it', async () => {
    const { database, fleet, watch, path } = await open('alpha');
    const daemon = await watch({
      'process.alpha': {
        restart_command: `trap '' TERM; echo "begin alpha $$" >> ${path('journal')}; while [ -d ${path('')} ]; do sleep 0.1; done`,
      },
    });
    await database.raise(1);
    const { pid } = await fleet.begun('alpha');
    daemon.signal('SIGTERM');
    await daemon.waitForLine(/SIGTERM: stopping/);
    daemon.signal('SIGTERM');
    await daemon.waitForLine(/SIGTERM again: stopping at once/);
    expect(await daemon.exit).toEqual({ code: 1, signal: null });
    expect(await isAlive(pid)).toBe(false);
  });

  it('R22: a frozen database keeps neither a first nor a second signal from ending it', async () => {
    const { fleet, watch, raiseAndHold } = await open('alpha');
    const daemon = await watch({ monitor: { shutdown_timeout: 60 } });
    await raiseAndHold('alpha');
    await server.kill('SIGSTOP');
    try {
      await fleet.release('alpha');
      await daemon.waitForLine(/alpha: verified healthy/);
      daemon.signal('SIGTERM');
      await daemon.waitForLine(/SIGTERM: stopping/);
      const asked = performance.now();
      daemon.signal('SIGTERM');
      expect(await daemon.exit).toEqual({ code: 1, signal: null });
      // Nobody waited for the statement that hangs.
      expect(performance.now() - asked).toBeLessThan(STATEMENT_TIMEOUT_MS);
    } finally {
      await server.kill('SIGCONT');
    }
  });

  it('R22: ends with a frozen database and nothing to do', async () => {
    const { watch } = await open();
    const daemon = await watch();
    await server.kill('SIGSTOP');
    try {
      daemon.signal('SIGTERM');
      expect(await daemon.exit).toEqual({ code: 0, signal: null });
    } finally {
      await server.kill('SIGCONT');
    }
  });

  describe('R22: SIGHUP', () => {
    it('takes over a new configuration; running cycles, breakers and the stream survive', async () => {
      const { database, fleet, watchCalmly } = await open('running', 'broken', 'changed');
      const monitor = { max_restart_failures: 1, circuit_reset_time: 300 };
      const daemon = await watchCalmly({ monitor, 'process.default': { max_attempts: 1 } });
      await fleet.hold('running');
      await fleet.breakRestart('broken');
      await fleet.fallIll('broken', 1);
      await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (1, 2)');
      await fleet.begun('running');
      await daemon.waitForLine(/broken: circuit breaker opened after 1 failed cycle/);
      const broken = await fleet.restarts('broken');

      const reread = await daemon.reload({
        monitor,
        'process.changed': { restart_command: `${fleet.commands.restart_command}-anew` },
      });
      await database.raise(3);
      await daemon.cleared('changed');
      expect(await fleet.restarts('changed-anew')).toBe(1);

      await database.lower(2);
      await database.raise(2);
      await daemon.waitForLine(/broken: not restarted: circuit breaker open/, { from: reread.index });
      await fleet.release('running');
      await daemon.cleared('running');
      expect(await fleet.restarts('running')).toBe(1);
      expect(await fleet.restarts('broken')).toBe(broken);
      const streams = daemon.lines().filter((line) => line.includes('watching the binlog'));
      expect(streams).toHaveLength(1);
    });

    it('at its very start: it does not end of it, and the file is read again', async () => {
      const { launch } = await open('alpha');
      const daemon = await launch();
      await daemon.waitForLine(/monitor_service: started/);
      daemon.signal('SIGHUP');
      await daemon.waitForLine(/configuration reloaded/);
    });

    it('keeps the old configuration where the new one is bad, and says why', async () => {
      const { database, watch, configure } = await open('alpha');
      const daemon = await watch();
      await daemon.rewriteConfig(configure({ monitor: { check_intervall: 5 }, database: { port: 0 } }));
      daemon.signal('SIGHUP');
      const refused = await daemon.waitForLine(
        /ERROR .*configuration not reloaded, the old one stays in use: /,
      );
      expect(refused.text).toContain(`${daemon.configFile}:`);
      expect(refused.text).toContain(
        'monitor.check_intervall: is not a known key, did you mean "check_interval"?',
      );
      expect(refused.text).toContain('database.port: "0" is out of range, allowed: 1 to 65535');
      await database.raise(1);
      await daemon.cleared('alpha');
    });

    it('goes over to another database, and leaves the old one', async () => {
      const { database, fleet, watch } = await open('old');
      const daemon = await watch();
      const other = await createAlarmDatabase(server);
      await other.addProcesses('new');
      await daemon.reload({ database: other.section });
      await database.raise(1);
      await other.raise(1);
      await daemon.cleared('new');
      expect(await fleet.restarts('old')).toBe(0);
      await daemon.stop();
      await other.drop();
    });
  });

  it('R24: shows the password nowhere, and runs with the grants of sql/grants.sql', async () => {
    const { database, watch, path, fleet } = await open('alpha', 'beta');
    const daemon = await watch({
      // Who prints its environment and arguments prints no password either.
      'process.alpha': { restart_command: `env; cat /proc/$PPID/cmdline; exit 4`, max_attempts: 1 },
    });
    await database.raise(1);
    await database.raise(2);
    await daemon.waitForLine(/alpha: note written/);
    await daemon.cleared('beta');
    expect(await fleet.restarts('beta')).toBe(1);
    await database.query(`ALTER USER ${database.account} IDENTIFIED BY 'another'`);
    await killConnections(database);
    await daemon.waitForLine(/the database rejects this user or password/);
    const proc = await Promise.all(
      ['cmdline', 'environ'].map((name) => readFile(`/proc/${daemon.pid}/${name}`, 'utf8')),
    );
    const logs = await readdir(dirname(daemon.logFile));
    const written = await Promise.all(
      logs.map((name) => readFile(join(dirname(daemon.logFile), name), 'utf8')),
    );
    const everything = [
      ...proc,
      ...written,
      ...daemon.lines(),
      daemon.stderr(),
      (await database.row(1)).notes,
    ];
    expect(written.join('')).toContain('alpha: ');
    expect(everything.join('\n')).not.toContain(database.password);
    const state = await readFile(path('state.json'), 'utf8').catch(() => '');
    expect(state).not.toContain(database.password);
  });

  async function killConnections(database: Scene['database']): Promise<void> {
    const list = await database.query('SELECT id FROM information_schema.processlist WHERE user = ?', [
      database.user,
    ]);
    for (const { id } of list as { id: number }[]) {
      // It may have gone by itself.
      await database.query(`KILL ${id}`).catch(() => undefined);
    }
  }
});
