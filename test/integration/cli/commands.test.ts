import { expect, it, vi } from 'vitest';
import { commandsOf } from '../../support/service/commands-of.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const ONE_FAILURE = { monitor: { max_restart_failures: 1 }, 'process.default': { max_attempts: 1 } };

// Each command is a program of its own: on a machine with other work to do, many of them take their time.
vi.setConfig({ testTimeout: 240_000 });

describeOnServers('the commands of the administrator', rowServerKinds, ({ server, open }) => {
  it('status shows the stream, alarms, cycles with their step, breakers, pauses and outcomes', async () => {
    const { database, fleet, watchCalmly, raiseAndHold, run, status } = await open(
      'alpha',
      'beta',
      'gamma',
      'delta',
    );
    const daemon = await watchCalmly({
      ...ONE_FAILURE,
      monitor: { max_restart_failures: 1, max_parallel_restarts: 1 },
    });
    await fleet.breakRestart('beta');
    await database.raise(2);
    await daemon.waitForLine(/beta: circuit breaker opened/);
    await run('pause', 'gamma', '--reason', 'new disks', '--for', '2h');
    await database.raise(3);
    await daemon.waitForLine(/gamma: alarm seen, paused until .* by alice: new disks/);
    await raiseAndHold('alpha');
    await database.raise(4);
    await daemon.waitForLine(/delta: alarm seen/);

    const report = await status();
    expect(report).toMatchObject({
      isRunning: true,
      service: { pid: daemon.pid, configFile: daemon.configFile, isStopping: false },
      stream: { state: 'streaming', server: expect.stringContaining(String(server.port)) },
      table: { isKnown: true },
      cycles: [
        { processName: 'alpha', trigger: 'binlog', step: 'restarting', attempt: 1, maxAttempts: 1 },
        { processName: 'delta', step: 'waiting' },
      ],
      breakers: [{ processId: 2, processName: 'beta', state: 'open', failures: 1 }],
      pauses: [{ processName: 'gamma', by: 'alice', reason: 'new disks' }],
      totals: { failed: 1 },
    });
    expect(report.alarms.map(({ processName }) => processName).toSorted()).toEqual([
      'alpha',
      'beta',
      'delta',
      'gamma',
    ]);
    expect(report.outcomes[0]).toMatchObject({ processName: 'beta', outcome: 'failed' });
    expect(report.totals.medianReactionMs).toBeGreaterThanOrEqual(0);
    const now = Date.now();
    const { since, lastEventAt = 0, lastSignAt = 0 } = report.stream;
    for (const at of [report.service.startedAt, since, lastEventAt, lastSignAt])
      expect(at).toBeLessThanOrEqual(now);
    expect(lastEventAt).toBeGreaterThan(since);
    const [pause] = report.pauses;
    expect((pause?.until ?? 0) - (pause?.since ?? 0)).toBe(7_200_000);

    const { stdout, code } = await run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/alpha +for [\d.]+ s +restarting, attempt 1\/1/);
    expect(stdout).toMatch(/beta +open +1 failed cycle in a row +tried again at /);
    expect(stdout).toMatch(/gamma +for [\d.]+ s +paused until .* by alice: new disks/);
    expect(stdout).not.toContain('\x1b');
    await fleet.release('alpha');
  });

  it('pause keeps alarms raised, over a SIGKILL of the service, and resume has them answered at once', async () => {
    const { database, fleet, watch, watchCalmly, run, status } = await open('alpha', 'beta');
    const first = await watch();
    // As the column compares; the name of the row is what counts.
    expect(await run('pause', 'ALPHA', '--reason', 'new disks')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('alpha: paused by alice: new disks\n'),
    });
    first.signal('SIGKILL');
    await first.exit;
    const daemon = await watchCalmly();
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen, paused by alice: new disks/);
    await database.raise(2);
    await daemon.cleared('beta');
    expect((await status()).pauses).toMatchObject([{ processName: 'alpha', by: 'alice' }]);
    expect(await run('restart', 'alpha')).toMatchObject({
      code: 1,
      stderr: 'alpha is paused by alice: new disks; monitor_service resume alpha\n',
    });
    expect(await fleet.restarts('alpha')).toBe(0);
    expect(await database.row(1)).toMatchObject({ alarma: 1, notes: null });

    expect(await run('resume')).toMatchObject({
      code: 1,
      stderr: 'there is no pause of all processes; there are pauses of: alpha\n',
    });
    expect((await run('resume', 'alpha')).code).toBe(0);
    await daemon.waitForLine(/alpha: resumed by alice/);
    await daemon.waitForLine(/alpha: alarm seen \(resume\)/);
    await daemon.cleared('alpha');
    expect((await run('resume', 'alpha')).code).toBe(1);
    expect((await status()).pauses).toEqual([]);
  });

  it('pause and resume hold for both spellings of a unit', async () => {
    const { database, watch, run, status } = await open('unit.service');
    const daemon = await watch();
    expect((await run('pause', 'unit')).stdout).toContain('unit.service: paused by alice');
    await database.raise(1);
    await daemon.waitForLine(/unit\.service: alarm seen, paused by alice/);
    await run('resume', 'unit');
    await daemon.cleared('unit\\.service');
    expect((await status()).pauses).toEqual([]);
  });

  it('a pause with a time ends by itself, and what stands is answered then', async () => {
    const { database, watchCalmly, run } = await open('alpha');
    const daemon = await watchCalmly();
    await run('pause');
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen, paused by alice/);
    // It takes the place of the one without a time.
    expect((await run('pause', '--for', '1s')).code).toBe(0);
    const over = await daemon.waitForLine(/monitor_service: the pause of all processes by alice is over/);
    await daemon.waitForLine(/alpha: alarm seen \(resume\)/, { from: over.index });
    await daemon.cleared('alpha');
  });

  it('R9: reset closes an open breaker, and the alarm is tried again at once', async () => {
    const { database, fleet, watchCalmly, run, status } = await open('alpha', 'beta');
    const daemon = await watchCalmly(ONE_FAILURE);
    for (const name of ['alpha', 'beta']) await fleet.breakRestart(name);
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (1, 2)');
    await daemon.waitForLine(/alpha: circuit breaker opened/);
    await daemon.waitForLine(/beta: circuit breaker opened/);
    expect(await run('restart', 'alpha')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^the circuit breaker of alpha is open .*; monitor_service reset alpha\n$/,
      ),
    });
    for (const name of ['alpha', 'beta']) await fleet.repair(name);
    expect(await run('reset', 'alpha')).toMatchObject({
      code: 0,
      stdout: 'alpha: circuit breaker closed, no failures counted\n',
    });
    const closed = await daemon.waitForLine(/alpha: circuit breaker closed by alice/);
    await daemon.waitForLine(/alpha: alarm seen \(circuit-reset\)/, { from: closed.index });
    await daemon.cleared('alpha');
    expect((await status()).breakers).toMatchObject([{ processName: 'beta', state: 'open' }]);
    expect(await run('reset', '--all', '--json')).toMatchObject({ code: 0, stdout: '{"reset":["beta"]}\n' });
    await daemon.cleared('beta');
    expect(await run('reset', 'beta')).toMatchObject({
      code: 0,
      stdout: 'beta: the circuit breaker was already closed\n',
    });
    expect(await run('reset', 'nobody')).toMatchObject({
      code: 1,
      stderr: 'PROCESE has no process nobody; the name is the process_name of its row\n',
    });
  });

  it('R9, R11: resets the breaker that an earlier run left, by its name', async () => {
    const { database, fleet, watch, run, status } = await open('alpha');
    const first = await watch(ONE_FAILURE);
    await fleet.breakRestart('alpha');
    expect((await run('restart', 'alpha')).code).toBe(1);
    await first.waitForLine(/alpha: circuit breaker opened/);
    await first.stop();
    const daemon = await watch(ONE_FAILURE);
    expect((await status()).breakers).toMatchObject([{ processName: 'alpha', state: 'open' }]);
    expect((await run('reset', 'alpha')).code).toBe(0);
    await daemon.waitForLine(/alpha: circuit breaker closed by alice/);
    expect(await database.row(1)).toMatchObject({ alarma: 0 });
  });

  it('restart runs one cycle, alarm or not, and exits as it ends', async () => {
    const { database, fleet, watchCalmly, run } = await open('alpha');
    const daemon = await watchCalmly({ 'process.default': { max_attempts: 1 } });
    const well = await run('restart', 'alpha');
    expect(well).toMatchObject({ code: 0, stderr: '' });
    expect(well.stdout).toMatch(
      /restart requested by alice\n.*attempt 1\/1 started\n.*restart of attempt 1 runs\n.*restarted by custom.*\n.*verified healthy.*\nalpha is restarted and healthy\n$/,
    );
    expect(await fleet.restarts('alpha')).toBe(1);
    await daemon.waitForLine(/alpha: restart requested by alice/);

    await fleet.breakRestart('alpha');
    const ill = await run('restart', 'alpha', '--json');
    expect(ill.code).toBe(1);
    const lines = ill.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      'detected',
      'attempt-started',
      'restart-begun',
      'attempt-failed',
      'exhausted',
      undefined,
    ]);
    expect(lines.at(-1)).toEqual({ verified: false, message: expect.stringContaining('exit code 3') });
    await fleet.repair('alpha');

    await fleet.hold('alpha');
    // The cycle before may still be ending when its command has: a health check then decides about the raise (R7).
    await fleet.planChecks('alpha', [1]);
    await database.raise(1);
    await fleet.begun('alpha', 3);
    expect(await run('restart', 'alpha')).toMatchObject({
      code: 1,
      stderr: 'a cycle of alpha is running already; monitor_service status shows it\n',
    });
    await fleet.release('alpha');
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(3);
    expect((await run('restart', 'nobody')).code).toBe(1);
  });

  it('restart clears an alarm that stands', async () => {
    const { database, fleet, watchCalmly, run } = await open('alpha');
    const daemon = await watchCalmly({ 'process.default': { max_attempts: 1 } });
    await fleet.breakRestart('alpha');
    await database.raise(1);
    await daemon.waitForLine(/alpha: note written/);
    await fleet.repair('alpha');
    expect((await run('restart', 'alpha')).code).toBe(0);
    await daemon.cleared('alpha');
    expect(await database.row(1)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
  });

  it('with several names, what is refused for one is done for the others, and exit code 0 means all', async () => {
    const { fleet, watchCalmly, run, status } = await open('alpha', 'beta', 'gamma');
    await watchCalmly(ONE_FAILURE);
    const linesOf = (text: string): string[] => text.trimEnd().split('\n');

    expect((await run('pause', 'alpha', 'gamma', '--reason', 'disks')).code).toBe(0);
    const mixed = await run('restart', 'alpha', 'beta', 'nobody', 'beta');
    expect(mixed.code).toBe(1);
    expect(linesOf(mixed.stderr).toSorted()).toEqual([
      'alpha: alpha is paused by alice: disks; monitor_service resume alpha',
      'nobody: PROCESE has no process nobody; the name is the process_name of its row',
    ]);
    expect(linesOf(mixed.stdout).filter((line) => !/^beta: /.test(line))).toEqual([]);
    expect(linesOf(mixed.stdout).at(-1)).toBe('beta: restarted and healthy');
    expect(await fleet.restarts('beta')).toBe(1);

    const resumed = await run('resume', 'alpha', 'beta', 'gamma');
    expect(resumed).toMatchObject({
      code: 1,
      stdout:
        'alpha: resumed; a raised alarm is handled now\ngamma: resumed; a raised alarm is handled now\n',
      stderr: 'beta: there is no pause of beta alone; there are pauses of: gamma\n',
    });
    expect((await status()).pauses).toEqual([]);

    const json = await run('restart', 'alpha', 'gamma', '--json');
    expect(json.code).toBe(0);
    const lines = linesOf(json.stdout).map((line) => JSON.parse(line));
    expect(
      lines
        .filter(({ verified }) => verified)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['alpha', 'gamma']);
    expect(await run('reset', 'alpha', 'beta')).toMatchObject({
      code: 0,
      stdout: 'alpha: the circuit breaker was already closed\nbeta: the circuit breaker was already closed\n',
    });
    expect(await run('reset', 'alpha', 'nobody', '--json')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^\{"name":"alpha","reset":\[\]\}\n\{"name":"nobody","error":"PROCESE has/,
      ),
    });
  });

  it('with several names, says once that the service is not running', async () => {
    const { writeConfig, run } = await open('alpha', 'beta');
    await writeConfig();
    const { code, stderr, stdout } = await run('restart', 'alpha', 'beta');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^monitor_service is not running: .*\n$/);
  });

  it('R22: a service that is stopped in the middle of a restart leaves nobody waiting', async () => {
    const { fleet, watchCalmly, path, run } = await open('alpha');
    const daemon = await watchCalmly({ monitor: { shutdown_timeout: 0.2 } });
    await fleet.hold('alpha');
    const waiting = run('restart', 'alpha');
    await fleet.begun('alpha');
    expect(await commandsOf(path('config.ini')).status()).toMatchObject({
      cycles: [{ trigger: 'manual' }],
      alarms: [],
    });
    daemon.signal('SIGTERM');
    expect(await waiting).toMatchObject({
      code: 1,
      stderr: 'the service stopped before the restart of alpha finished; look at its log\n',
    });
    expect((await daemon.exit).code).toBe(0);
  });
});
