import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { slowStopUnit } from '../support/acceptance/slow-stop-unit.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const FOREVER = 'ExecStart=/bin/sleep infinity';
const MISSING = 'ExecStart=/opt/acme/not-there';

const UNITS = {
  'healthy.service': `[Service]\n${FOREVER}\n`,
  'failed.service': "[Service]\nExecStart=/bin/sh -c 'test -e /run/may-run || exit 7; exec sleep infinity'\n",
  'stopped.service': `[Service]\n${FOREVER}\n`,
  'limited.service':
    '[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n' +
    "[Service]\nExecStart=/bin/sh -c 'test -e /run/limited-may-run || exit 1; exec sleep infinity'\n",
  'used-up.service': `[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n[Service]\n${FOREVER}\n`,
  'missing.service': `[Service]\n${MISSING}\n`,
  // Comes up well, and dies 4 s later.
  'frail.service': '[Service]\nExecStart=/bin/sleep 4\n',
  'slow-stop.service': slowStopUnit('slow-stop', 'sleep 20'),
  'hanging.service': '[Service]\nType=notify\nTimeoutStartSec=infinity\nExecStart=/bin/sleep infinity\n',
  // As a database that recovers at each start: longer than restart_timeout, and anew where it is started again.
  'recovering.service':
    '[Service]\nType=notify\nNotifyAccess=all\nTimeoutStartSec=60\n' +
    "ExecStart=/bin/sh -c 'echo begun >>/run/recovering; sleep 8; systemd-notify --ready; exec sleep infinity'\n",
  'once.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "date +%%s%%N >>/run/once"\n',
  'worker@.service': '[Service]\nExecStart=/bin/sh -c "exec sleep infinity" worker-%i\n',
  'always.service': `[Service]\nRestart=always\n${FOREVER}\n`,
  'real.service': `[Service]\n${FOREVER}\n[Install]\nAlias=nickname.service\n`,
  'base.service': `[Service]\n${FOREVER}\n`,
  'leaning.service': `[Unit]\nRequires=base.service\nAfter=base.service\n[Service]\n${FOREVER}\n`,
  'fork.service':
    '[Service]\nType=forking\nPIDFile=/run/fork.pid\n' +
    "ExecStart=/bin/sh -c 'sleep infinity & echo $! >/run/fork.pid'\n",
};

describe('strategy service on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await writeUnits(host, UNITS);
    await installService(host, {
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
      'process.hanging': { restart_timeout: 2 },
      'process.recovering': { restart_timeout: 3, restart_delay: 1, max_attempts: 5 },
      'process.frail': { stable_for: 10 },
      // R25: these may be started from nothing, since a section vouches for them.
      'process.stopped': {},
      'process.masked': {},
      'process.once': {},
      'process.base': {},
      'process.leaning': { after: 'base' },
    });
  });
  afterAll(() => host?.stop());

  /** systemctl returns when the first process is forked, and that may fail later. */
  async function startAndFail(name: string): Promise<void> {
    await host.exec(['systemctl', 'start', name]);
    await waitFor(
      `${name} to fail`,
      async () => (await showUnit(host, `${name}.service`)).activeState === 'failed',
    );
  }

  async function expectNewRun(name: string, unit = `${name}.service`): Promise<void> {
    const before = await showUnit(host, unit);
    const row = await alarms.raiseAndSettle(name);
    const after = await showUnit(host, unit);
    expect(row).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by service, attempt 1/) });
    expect(after.activeState).toBe('active');
    expect(after.invocationId).not.toBe(before.invocationId);
    expect(after.mainPid).toBeGreaterThan(0);
  }

  it('R17: a healthy unit runs again under a new InvocationID', async () => {
    await host.run('systemctl', 'start', 'healthy');
    await expectNewRun('healthy');
  });

  it('R17: a failed unit that can run by now is started', async () => {
    await startAndFail('failed');
    await host.run('touch', '/run/may-run');
    await expectNewRun('failed');
  });

  it('R17: a stopped unit is started', async () => {
    await expectNewRun('stopped');
  });

  it('R17: a masked unit is not restarted, and the note says that it is masked', async () => {
    await host.run('systemctl', 'mask', 'masked.service');
    const row = await alarms.raiseAndSettle('masked');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*masked\.service is masked/) });
  });

  it('R17: a unit that does not exist is a failure, whatever the exit code', async () => {
    const row = await alarms.raiseAndSettle('nowhere');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*no unit nowhere\.service/) });
  });

  it('R17: a unit that failed and hit its start limit is started all the same', async () => {
    for (let start = 1; start <= 2; start += 1) await startAndFail('limited');
    await host.run('touch', '/run/limited-may-run');
    expect((await host.exec(['systemctl', 'start', 'limited'])).exitCode).toBe(1);
    expect(await host.sh('journalctl --sync; journalctl -u limited')).toMatch(
      /Start request repeated too quickly/,
    );
    await expectNewRun('limited');
  });

  it('R17: a running unit that has used up its starts is restarted all the same', async () => {
    for (let start = 1; start <= 2; start += 1) await host.run('systemctl', 'restart', 'used-up');
    await expectNewRun('used-up');
  });

  it('R17: a unit whose binary is missing is a failure although systemctl exits with 0', async () => {
    expect((await host.exec(['systemctl', 'restart', 'missing'])).exitCode).toBe(0);
    const row = await alarms.raiseAndSettle('missing');
    expect(row).toEqual({
      alarma: 1,
      // Whether systemd says so before or after its job is over is chance.
      notes: expect.stringMatching(
        /^FAILED .*missing\.service(: it| was restarted and does not ru|: Failed at step EXEC)/,
      ),
    });
  });

  it('R30: a unit that dies 4 s after each start is a failed attempt where stable_for is 10', async () => {
    const row = await alarms.raiseAndSettle('frail');
    expect(row).toEqual({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*did not keep running: frail\.service/),
    });
  });

  it('R35: a unit that systemd has restarted with the one it requires gets a health check, not a second restart', async () => {
    await host.run('systemctl', 'start', 'leaning');
    const before = await showUnit(host, 'leaning.service');
    // Once alone, so that both have their rows.
    await alarms.raiseTogether('leaning', 'base');
    expect((await alarms.settled('base')).notes).toMatch(/^OK .*restarted by service/);
    const row = await alarms.settled('leaning');
    expect(row).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK .*healthy, no restart needed/) });
    expect((await showUnit(host, 'leaning.service')).invocationId).not.toBe(before.invocationId);
    const told = await journal(host);
    expect(told).toMatch(/leaning: waits for base$/m);
    expect(told).toMatch(
      /leaning: its unit was started after the alarm was raised: healthy \(.*\), no restart$/m,
    );
  });

  it('R17: a unit that needs 20 s to stop is waited for', async () => {
    await host.run('systemctl', 'start', 'slow-stop');
    await expectNewRun('slow-stop');
  });

  it('R16, R17: a unit that hangs in activating is a failure at the deadline', async () => {
    const row = await alarms.raiseAndSettle('hanging');
    expect(row).toEqual({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*hanging\.service: no end within/),
    });
    expect((await showUnit(host, 'hanging.service')).activeState).toBe('activating');
    await host.run('systemctl', 'stop', 'hanging');
  });

  it('R17: a unit that needs longer than restart_timeout is waited for by the attempts that follow', async () => {
    await host.run('systemctl', 'start', 'recovering');
    const row = await alarms.raiseAndSettle('recovering');
    expect(row).toEqual({
      alarma: 0,
      notes: expect.stringMatching(/^OK .*restarted by service, attempt [2-5]/),
    });
    expect(await host.read('/run/recovering')).toBe('begun\nbegun\n');
  });

  it('R17: a oneshot has succeeded when it is inactive again', async () => {
    const row = await alarms.raiseAndSettle('once');
    expect(row).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by service/) });
    expect((await host.read('/run/once')).trim().split('\n')).toHaveLength(1);
  });

  it('R17: one instance of a template is restarted, its neighbour is not', async () => {
    await host.run('systemctl', 'start', 'worker@3', 'worker@4');
    const neighbour = await showUnit(host, 'worker@4.service');
    await expectNewRun('worker@3.service', 'worker@3.service');
    expect((await showUnit(host, 'worker@4.service')).invocationId).toBe(neighbour.invocationId);
  });

  it('R17: a unit with Restart=always is restarted once', async () => {
    await host.run('systemctl', 'start', 'always');
    await expectNewRun('always');
    expect((await showUnit(host, 'always.service')).restarts).toBe(0);
  });

  it('R17: an alias means the unit behind it', async () => {
    await host.run('systemctl', 'enable', '--now', 'real');
    await expectNewRun('nickname', 'real.service');
  });

  it('R17: a forking unit runs again under a new InvocationID', async () => {
    await host.run('systemctl', 'start', 'fork');
    await expectNewRun('fork');
  });
});
