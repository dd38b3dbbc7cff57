import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { readHostName } from '../support/acceptance/host-tree.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { findOnly, findPids } from '../support/acceptance/processes.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const SUPERVISOR = `#!/bin/bash
for name in alpha beta; do
  ( while :; do /opt/acme/$name infinity; sleep 0.2; done ) &
done
wait
`;
const UNITS = {
  'svd.service': '[Service]\nExecStart=/opt/acme/svd\n[Install]\nWantedBy=multi-user.target\n',
  // Its process has another name.
  'plain.service': '[Service]\nExecStart=/bin/sleep infinity\n',
  'chatty.service':
    '[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo Fatal: cannot open zebra.conf; echo }; exit 3"\n',
  'late.service': '[Service]\nExecStart=/bin/sh -c "sleep 0.1; echo Fatal: no licence; exit 4"\n',
  'unmet.service': '[Unit]\nConditionPathExists=/run/never-there\n[Service]\nExecStart=/bin/sleep infinity\n',
  'dependent.service': '[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/sleep infinity\n',
};
/** systemd 247 writes no name of the condition to the journal, and forgets at once which one it was. */
const UNMET =
  readHostName() === 'bullseye'
    ? /unmet\.service: a Condition.{1,3} of it is not met/
    : /unmet\.service: ConditionPathExists=\/run\/never-there is not met/;
const CHECK = [
  '/opt/monitor_service/bin/monitor_service',
  'check',
  '--config',
  '/opt/monitor_service/config.ini',
];

describe('which process is meant, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const name of ['alpha', 'beta', 'looped', 'crowd', 'webq', 'webq_exporter', 'lone', 'other-name'])
      await host.sh(`install -D -m 0755 /bin/sleep /opt/acme/${name}`);
    await host.sh('useradd --create-home app');
    await host.write('/opt/acme/svd', SUPERVISOR, '0755');
    await writeUnits(host, UNITS);
    await host.run('systemctl', 'start', 'svd', 'plain');
    await installService(host, {
      'process.default': { max_attempts: 1 },
      logging: { level: 'DEBUG' },
      'process.alpha': { health_check_timeout: 2 },
      'process.plain': { health_check_command: 'pgrep %s', health_check_timeout: 1 },
      'process.chatty': {},
      'process.late': {},
      'process.unmet': {},
      'process.dependent': {},
      'process.webq': { health_check_command: 'pgrep %s', restart_command: 'true', health_check_timeout: 1 },
      'process.nowhere': {
        health_check_command: 'pgrep -f %s',
        restart_command: '"PGPASSWORD=zebra-2 true; env >/run/nowhere.env; echo seen; exit 0"',
        health_check_timeout: 1,
      },
      'process.cutshort': { restart_command: 'touch /run/cutshort-1; touch /run/cutshort-2' },
      'process.disguised': {
        start_command: '/opt/acme/other-name infinity &',
        health_check_command: 'test -e /run/disguised-is-fine',
        health_check_timeout: 1,
        max_attempts: 3,
      },
      'process.lone': { start_command: '/opt/acme/lone infinity >>/run/lone.log 2>&1' },
    });
  });
  afterAll(() => host?.stop());

  it("R19, R29: a process in a supervisor's unit: the unit is restarted, and the process must run", async () => {
    const before = await showUnit(host, 'svd.service');
    const row = await alarms.raiseAndSettle('alpha');
    expect(row).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by service/) });
    expect((await showUnit(host, 'svd.service')).invocationId).not.toBe(before.invocationId);
    expect(await journal(host)).toMatch(/alpha: restarted by service .*svd\.service.*\(with it: .*beta.*svd/);
    const { stdout } = await host.exec(CHECK);
    expect(stdout).toMatch(/alpha .*svd\.service, now active \(running\), with it: .*beta.*svd/);
  });

  it('R29: a supervisor that is active vouches for no process that cannot start', async () => {
    await host.sh('rm /opt/acme/alpha; install -m 0755 /bin/false /opt/acme/alpha');
    const row = await alarms.raiseAndSettle('alpha');
    // The health check may have met it in the moment between its start and its end.
    const reason = /^FAILED .*(no process alpha runs|it did not keep running: pid \d+ has ended)/;
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(reason) });
    expect((await showUnit(host, 'svd.service')).activeState).toBe('active');
    await findOnly(host, '/opt/acme/beta infinity');
  });

  it('R18: a daemon that a loop starts again after seconds does not end as two', async () => {
    await host.sh(
      'setsid /bin/sh -c "while :; do /opt/acme/looped infinity; sleep 3; done" </dev/null >/dev/null 2>&1 &',
    );
    const before = await findOnly(host, '/opt/acme/looped infinity');
    expect(await alarms.raiseAndSettle('looped')).toMatchObject({ alarma: 0 });
    const after = await findOnly(host, '/opt/acme/looped infinity');
    expect(after).not.toBe(before);
    expect(await journal(host)).toContain(`looped: restarted by process`);
    expect(await journal(host)).toContain(`its supervisor started pid ${after}`);
  });

  it('R18: sixty look-alikes of a user are a refusal, and all of them live on', async () => {
    await host.sh(
      'cd /home/app; for i in $(seq 60); do setsid setpriv --reuid=app --regid=app --init-groups /opt/acme/crowd infinity </dev/null >/dev/null 2>&1 & done',
    );
    await waitFor('the crowd', async () => (await findPids(host, '/opt/acme/crowd infinity')).length === 60);
    const row = await alarms.raiseAndSettle('crowd');
    expect(row).toEqual({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*60 processes crowd run, more than max_instances = 20/),
    });
    expect(await findPids(host, '/opt/acme/crowd infinity')).toHaveLength(60);
    await host.run('pkill', '-xf', '/opt/acme/crowd infinity');
  });

  it('R29: an exporter with a longer name vouches for no dead daemon', async () => {
    await host.sh('setsid /opt/acme/webq_exporter infinity </dev/null >/dev/null 2>&1 &');
    const row = await alarms.raiseAndSettle('webq');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*no process webq runs/) });
  });

  it('R21, R29: pgrep for a unit whose process has another name says what to write instead', async () => {
    const row = await alarms.raiseAndSettle('plain');
    expect(row.alarma).toBe(1);
    expect(row.notes).toMatch(
      /^FAILED .{19} pgrep fails, but plain\.service is active: drop health_check_command/,
    );
    expect(await journal(host)).toContain('drop health_check_command, or write systemctl is-active %s');
  });

  it('R15, R16: check and the service agree over pgrep -f, and a command knows who it is', async () => {
    const row = await alarms.raiseAndSettle('nowhere');
    expect(row).toEqual({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*health_check_command: exit code 1/),
    });
    const dry = await host.exec([...CHECK, '--dry-run', 'nowhere']);
    expect(dry.stdout).toContain('now not healthy');
    const env = (await host.read('/run/nowhere.env')).split('\n');
    expect(env).toEqual(expect.arrayContaining(['HOME=/root', 'USER=root', 'LOGNAME=root', 'SHELL=/bin/sh']));
    const log = await journal(host);
    expect(log).toMatch(/nowhere: restart command: exit code 0 after \d+ ms: PGPASSWORD=\*\*\* true; env/);
    expect(log).toMatch(/nowhere: health-check command: exit code 1 after \d+ ms: pgrep -f nowhere/);
    expect(log).not.toContain('zebra-2');
  });

  it('R15, R18: a start command has its text in no argument, and leaves no shell behind', async () => {
    expect(await alarms.raiseAndSettle('lone')).toMatchObject({ alarma: 0 });
    const pid = await findOnly(host, '/opt/acme/lone infinity');
    expect((await host.read(`/proc/${pid}/environ`)).split('\0')).toEqual(
      expect.arrayContaining(['HOME=/root', 'USER=root', 'LOGNAME=root', 'SHELL=/bin/sh']),
    );
    expect(await findPids(host, '.*lone\\.log.*')).toEqual([]);
    expect((await host.read(`/proc/${pid}/status`)).match(/^PPid:\s+(\d+)/m)?.[1]).toBe('1');
  });

  it('R23: a ; in an unquoted command costs its section, and a reload keeps what works', async () => {
    const row = await alarms.raiseAndSettle('cutshort');
    expect(row).toEqual({
      alarma: 1,
      notes: expect.stringMatching(
        /^REFUSED .{19} quote restart_command in config\.ini, line \d+: it has a ; or #$/,
      ),
    });
    expect((await host.exec(['test', '-e', '/run/cutshort-1'])).exitCode).toBe(1);
    expect(await journal(host)).toMatch(
      /config\.ini:\d+: process\.cutshort\.restart_command: everything after an unquoted ;/,
    );
    const check = await host.exec([...CHECK, '--no-health']);
    expect(check).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('only this section is not used'),
    });
    await host.sh(`echo 'pre_restart_command = true; true' >>/opt/monitor_service/config.ini`);
    expect((await host.exec(['systemctl', 'reload', 'monitor_service'])).exitCode).not.toBe(0);
    await waitFor('the reload to be refused', async () =>
      /configuration not reloaded, the old one stays in use: .*pre_restart_command/.test(await journal(host)),
    );
    expect(await alarms.raiseAndSettle('lone')).toMatchObject({ alarma: 0 });
  });

  it('R31: what a start command started under another name is ended before the next start', async () => {
    const row = await alarms.raiseAndSettle('disguised');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*3 attempts/) });
    await findOnly(host, '/opt/acme/other-name infinity');
    expect(await journal(host)).toMatch(/disguised: .*ended pid \d+, which an earlier start had left/);
  });

  it.each([
    ['chatty', /chatty\.service: Fatal: cannot open zebra\.conf/],
    ['late', /Fatal: no licence/],
    ['unmet', UNMET],
    ['dependent', /dependent\.service may be started by dependency only/],
  ])('R17: the note of %s says why it failed', async (name, why) => {
    const row = await alarms.raiseAndSettle(name);
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(why) });
    expect(await journal(host)).toMatch(new RegExp(`${name}: not restarted: .*${why.source}`));
  });
});
