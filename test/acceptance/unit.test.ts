import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal, writeConfig } from '../support/acceptance/install-service.js';
import { slowStopUnit } from '../support/acceptance/slow-stop-unit.js';
import { showUnit, type UnitRun, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const SERVICE = 'monitor_service.service';
/** In this repository as the host sees it. */
const BLOCK_LOOP = '/src/test/support/acceptance/block-loop.mjs';
/** While this file exists, slow.service does not stop. */
const HOLD = '/run/slow.hold';
const SECTIONS = {
  monitor: { max_restart_failures: 1 },
  'process.default': { restart_strategy: 'service', max_attempts: 1 },
  // Else a stop during that time leaves the verdict to the next run (R30).
  'process.slow': { stable_for: 0 },
};

describe('the unit on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    // It takes as long to stop as a test wants.
    const hold = `while test -e ${HOLD}; do sleep 0.1; done`;
    await writeUnits(host, { 'slow.service': slowStopUnit('slow', hold) });
    await installService(host, SECTIONS);
  });
  afterAll(() => host?.stop());

  async function statusBecomes(pattern: RegExp): Promise<string> {
    return waitFor(`the status ${pattern}`, async () => {
      const { statusText } = await showUnit(host, SERVICE);
      return pattern.test(statusText) && statusText;
    });
  }

  async function property(name: string): Promise<string> {
    return (await host.run('systemctl', 'show', '--value', `--property=${name}`, SERVICE)).trim();
  }

  /** Does it and waits until systemd runs the service anew. */
  async function expectRestartBySystemd(happen: () => Promise<unknown>): Promise<void> {
    await expectNewProcess(happen);
    await waitFor(
      'the service to be ready again',
      async () => (await showUnit(host, SERVICE)).activeState === 'active',
    );
  }

  /** The same, but waits for nothing that the new process does. */
  async function expectNewProcess(happen: () => Promise<unknown>): Promise<void> {
    const { mainPid } = await showUnit(host, SERVICE);
    await happen();
    await waitFor('systemd to start the service again', async () => {
      const now = await showUnit(host, SERVICE);
      return now.mainPid !== mainPid && now.mainPid > 0;
    });
  }

  /** What an administrator adds to [Service]. */
  async function dropIn(name: string, text: string): Promise<void> {
    await host.write(`/etc/systemd/system/${SERVICE}.d/${name}.conf`, `[Service]\n${text}\n`);
    await host.run('systemctl', 'daemon-reload');
  }

  it('systemd knows every directive of it, and measures an exposure of 3.0 or less', async () => {
    const { exitCode, stdout, stderr } = await host.exec(['systemd-analyze', 'verify', '--man=no', SERVICE]);
    expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: 0, said: '' });
    const measured = await host.run('systemd-analyze', 'security', '--no-pager', SERVICE);
    const exposure = Number(/Overall exposure level for \S+: ([0-9.]+)/.exec(measured)?.[1]);
    expect(exposure).toBeLessThanOrEqual(3.0);
  });

  it('MemoryMax holds where the host has a memory controller', async ({ skip }) => {
    const configured = await property('MemoryMax');
    expect(Number(configured)).toBe(512 * 1024 ** 2);
    const { stdout } = await host.exec([
      'cat',
      '/sys/fs/cgroup/system.slice/monitor_service.service/memory.max',
    ]);
    skip(stdout === '', 'this machine lends its hosts no memory controller, so MemoryMax is not tested');
    expect(stdout.trim()).toBe(configured);
  });

  it('the status tells of the stream, of the standing alarms and of the open circuits', async () => {
    await statusBecomes(/^streaming; no standing alarms$/);
    expect((await alarms.raiseAndSettle('not-there')).notes).toMatch(/^FAILED /);
    await statusBecomes(/^streaming; 1 standing alarm; 1 circuit open: not-there$/);
    expect((await alarms.raiseAndSettle('not/allowed')).notes).toMatch(/^REFUSED /);
    await statusBecomes(/^streaming; 2 standing alarms; 1 circuit open: not-there$/);
    await alarms.sql('UPDATE STATUS_PROCESS SET alarma = 0');
    await statusBecomes(/^streaming; no standing alarms; 1 circuit open: not-there$/);
  });

  it('a database that is down is a status, not a failed start', async () => {
    await host.run('systemctl', 'stop', 'mariadb.*');
    await statusBecomes(/^polling every 1 s: .+; standing alarms unknown/);
    await host.run('systemctl', 'restart', SERVICE);
    expect((await showUnit(host, SERVICE)).activeState).toBe('active');
    await statusBecomes(/^polling every 1 s: .+; standing alarms unknown/);
    await host.run('systemctl', 'start', 'mariadb.service');
    await statusBecomes(/^streaming; no standing alarms/);
  });

  it('R22: a reload reads the file and the unit is never down for it', async () => {
    const before = await showUnit(host, SERVICE);
    await writeConfig(host, { ...SECTIONS, binlog: { enabled: 'no' } });
    await host.run('systemctl', 'reload', SERVICE);
    await statusBecomes(/^polling every 1 s: the binlog is off in config\.ini; no standing alarms/);
    await writeConfig(host, SECTIONS);
    await host.run('systemctl', 'reload', SERVICE);
    await statusBecomes(/^streaming; /);
    const after = await showUnit(host, SERVICE);
    expect(after.invocationId).toBe(before.invocationId);
    expect(after.activeState).toBe('active');
  });

  it('check judges folders as the sandboxed service finds them', async () => {
    await host.sh('mkdir -p /srv/theirs; chown nobody /srv/theirs');
    await writeConfig(host, {
      ...SECTIONS,
      logging: { file: '/srv/theirs/service.log' },
      monitor: { history_file: '/etc/monitor_service/history.jsonl' },
    });
    const { exitCode, stdout } = await host.exec(['monitor_service', 'check', '--no-health']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('the service may not write /srv/theirs: it belongs to uid 65534 (mode 0755)');
    expect(stdout).toContain('the systemd unit cannot write /etc/monitor_service: /etc is read-only for it');
    await host.run('systemctl', 'reload', SERVICE);
    await waitFor('the service to find the same', async () =>
      /cannot write the log file \/srv\/theirs\/service\.log: EACCES/.test(await journal(host)),
    );
    await dropIn('sandbox', 'ReadWritePaths=/etc/monitor_service\nCapabilityBoundingSet=CAP_DAC_OVERRIDE');
    await host.sh('mkdir -p /etc/monitor_service');
    const allowed = await host.exec(['monitor_service', 'check', '--no-health']);
    expect(allowed.stdout).toMatch(/log +\/srv\/theirs can be written/);
    expect(allowed.stdout).toMatch(/history_file +\/etc\/monitor_service can be written/);
    await host.sh(
      'rm -r /etc/systemd/system/monitor_service.service.d/sandbox.conf; systemctl daemon-reload',
    );
    await writeConfig(host, SECTIONS);
    await host.run('systemctl', 'reload', SERVICE);
    await statusBecomes(/^streaming; /);
  });

  it('R22: a reload of an invalid file keeps the old configuration', async () => {
    const before = await showUnit(host, SERVICE);
    await writeConfig(host, { ...SECTIONS, monitor: { check_intervall: 5 } });
    const refused = await host.exec(['systemctl', 'reload', SERVICE]);
    expect(refused.exitCode).not.toBe(0);
    expect(await journal(host)).toMatch(/ERROR .*the old one stays in use: .*check_intervall/);
    await statusBecomes(/^configuration of \d\d:\d\d not taken: .*check_intervall.*; streaming; /);
    const after = await showUnit(host, SERVICE);
    expect(after.activeState).toBe('active');
    expect(after.invocationId).toBe(before.invocationId);
  });

  it('R23: a bad configuration ends with exit code 78, which is not tried again', async () => {
    expect((await host.exec(['systemctl', 'restart', SERVICE])).exitCode).not.toBe(0);
    const failed = await showUnit(host, SERVICE);
    expect(failed).toMatchObject({ activeState: 'failed', result: 'exit-code', restarts: 0 });
    expect(await journal(host)).toMatch(/config\.ini:\d+: monitor\.check_intervall/);
    await writeConfig(host, SECTIONS);
    // Its start limit has not been used up by retries.
    await host.run('systemctl', 'start', SERVICE);
  });

  it('without a Node.js that is new enough it says so and is not tried again', async () => {
    await host.run('systemctl', 'stop', SERVICE);
    await host.write('/usr/local/bin/old-node', '#!/bin/sh\necho v18.20.4\n', '0755');
    await host.sh('mount --bind /usr/local/bin/old-node /usr/bin/node');
    const { exitCode } = await host.exec(['systemctl', 'start', SERVICE]);
    const failed = await showUnit(host, SERVICE);
    await host.sh('umount /usr/bin/node');
    expect(exitCode).not.toBe(0);
    expect(failed).toMatchObject({ activeState: 'failed', restarts: 0 });
    expect(await journal(host)).toMatch(/needs Node\.js 20\.19 or newer .*\/usr\/bin\/node \(18\.20\.4\)/);
    await host.run('systemctl', 'start', SERVICE);
  });

  it('R13: a stray SIGTERM does not end it for good, and what systemctl stop has stopped stays so', async () => {
    const { mainPid } = await showUnit(host, SERVICE);
    await expectRestartBySystemd(() => host.run('kill', String(mainPid)));
    expect(await journal(host)).toMatch(/monitor_service: stopped/);
    await statusBecomes(/^streaming/);
    await host.run('systemctl', 'stop', SERVICE);
    // A restart that systemd had planned would be there already.
    expect(await property('SubState')).toBe('dead');
    expect(await showUnit(host, SERVICE)).toMatchObject({ activeState: 'inactive', result: 'success' });
    await host.run('systemctl', 'start', SERVICE);
  });

  it('a port below 1024 is a fault of check, and its remedy helps', async () => {
    await writeConfig(host, { ...SECTIONS, metrics: { listen: '127.0.0.1:83' } });
    const refused = await host.exec(['monitor_service', 'check', '--no-health']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('the unit may not listen on port 83');
    await host.run('systemctl', 'restart', SERVICE);
    await waitFor('the service to find the same', async () => /127\.0\.0\.1:83/.test(await journal(host)));
    await dropIn('port', 'CapabilityBoundingSet=CAP_NET_BIND_SERVICE');
    await host.run('systemctl', 'restart', SERVICE);
    const read = "fetch('http://127.0.0.1:83/metrics').then((answer) => answer.text()).then(console.log)";
    expect(await host.run('node', '-e', read)).toContain('monitor_service_up 1');
    expect((await host.exec(['monitor_service', 'check', '--no-health'])).stdout).not.toContain('port 83');
    await host.sh('rm /etc/systemd/system/monitor_service.service.d/port.conf; systemctl daemon-reload');
    await writeConfig(host, SECTIONS);
    await host.run('systemctl', 'restart', SERVICE);
    await statusBecomes(/^streaming; /);
  });

  it('R22: a stop lets the running cycle finish', async () => {
    await host.run('systemctl', 'start', 'slow');
    await statusBecomes(/^streaming/);
    const before = await showUnit(host, 'slow.service');
    const isStopping = (unit: string) => async (): Promise<boolean> =>
      (await showUnit(host, unit)).activeState === 'deactivating';
    await host.run('touch', HOLD);
    await alarms.raise('slow');
    await waitFor('the restart of slow to be under way', isStopping('slow.service'));
    const stopped = host.run('systemctl', 'stop', SERVICE);
    await waitFor('the service to be stopping', isStopping(SERVICE));
    await host.run('rm', HOLD);
    await stopped;
    expect(await showUnit(host, SERVICE)).toMatchObject({ activeState: 'inactive', result: 'success' });
    expect(await alarms.row('slow')).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect((await showUnit(host, 'slow.service')).invocationId).not.toBe(before.invocationId);
    await host.run('systemctl', 'start', SERVICE);
  });

  it('R24: LoadCredential hands over the password, which is then nowhere else', async () => {
    await host.write('/etc/monitor_service/password', 'correct-horse-7\n', '0600');
    await dropIn('password', 'LoadCredential=password:/etc/monitor_service/password');
    const config = await host.read('/opt/monitor_service/config.ini');
    await host.write(
      '/opt/monitor_service/config.ini',
      config.replace(/^password = .*$/m, 'password_file = $CREDENTIALS_DIRECTORY/password'),
    );
    await host.run('systemctl', 'restart', SERVICE);
    await statusBecomes(/^streaming; /);
    await host.run('systemctl', 'reload', SERVICE);
    await statusBecomes(/^streaming; /);
    expect(await journal(host)).not.toContain('correct-horse-7');
  });

  it('comes back however often it has died, and waits longer and longer where systemd can', async () => {
    const isGrowing = Number(/^systemd (\d+)/.exec(await host.run('systemctl', '--version'))?.[1]) >= 254;
    // Else this would take minutes; what is tested is that nothing forbids another start.
    await dropIn('restart', isGrowing ? 'RestartSec=50ms\nRestartMaxDelaySec=500ms' : 'RestartSec=50ms');
    await host.run('systemctl', 'restart', SERVICE);
    const pauses: string[] = [];
    // More than any start limit that somebody would set, the default of systemd and the former one of this unit among them.
    for (let death = 1; death <= 25; death += 1) {
      if (isGrowing) pauses.push(await property('RestartUSecNext'));
      await expectNewProcess(() => host.run('systemctl', 'kill', '--signal=SIGKILL', SERVICE));
    }
    await statusBecomes(/^streaming; /);
    expect((await showUnit(host, SERVICE)).restarts).toBe(25);
    if (isGrowing) expect([pauses.at(0), pauses.at(-1)]).toEqual(['50ms', '500ms']);
    await dropIn('restart', '');
    await host.run('systemctl', 'restart', SERVICE);
    await statusBecomes(/^streaming; /);
  });

  it('the watchdog leaves a healthy service alone for many of its periods', async () => {
    await dropIn('watchdog', 'WatchdogSec=5\nTimeoutAbortSec=5');
    await host.run('systemctl', 'restart', SERVICE);
    const before = await showUnit(host, SERVICE);
    const startedAt = performance.now();
    // There is no event for "nothing happened": five periods of the watchdog are waited for.
    await waitFor('five periods', () => performance.now() - startedAt > 25_000);
    expect((await showUnit(host, SERVICE)).invocationId).toBe(before.invocationId);
  });

  it.each([
    [
      'its loop is stuck in a calculation',
      ({ mainPid }: UnitRun) => ['node', '--experimental-websocket', BLOCK_LOOP, String(mainPid)],
    ],
    ['it is frozen as a whole', () => ['systemctl', 'kill', '--signal=SIGSTOP', SERVICE]],
  ] as const)('the watchdog restarts the service when %s', async (_, command) => {
    const before = await showUnit(host, SERVICE);
    await expectRestartBySystemd(() => host.run(...command(before)));
    expect(await journal(host)).toMatch(/Watchdog timeout/);
    await statusBecomes(/^streaming; /);
    expect((await alarms.raiseAndSettle('slow')).alarma).toBe(0);
  });
});
