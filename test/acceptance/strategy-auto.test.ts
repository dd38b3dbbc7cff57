import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal, restartService } from '../support/acceptance/install-service.js';
import { findOnly, findPids, readProcess } from '../support/acceptance/processes.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const UNITS = {
  'plain.service': '[Service]\nExecStart=/opt/acme/plain infinity\n',
  'broken.service': '[Service]\nExecStart=/opt/acme/not-there\n',
  'strayed.service': '[Service]\nExecStart=/opt/acme/not-there\n',
  'acme-backend.service': '[Service]\nExecStart=/opt/acme/backendd infinity\n',
  'webby.service': '[Service]\nExecStart=/opt/acme/webby infinity\n',
  'guarded.service': '[Service]\nExecStart=/opt/acme/guarded infinity\n',
  'hands-off.service': '[Service]\nExecStart=/bin/sleep infinity\n',
  'untouched.service': '[Service]\nExecStart=/opt/acme/sharedd infinity\n',
};
/** By name, the program that each runs. They are where `systemctl mask` may put its link over them. */
const MASKED = { 'veiled.service': 'veiled', 'acme-hidden.service': 'hiddend' };
const PROGRAMS = [
  ...['plain', 'bare', 'broken', 'strayed', 'backendd', 'webby', 'guarded', 'customd', 'sharedd'],
  ...Object.values(MASKED),
];

/** What has characters that a shell, a glob or a path would read, and what stands for more than one process. */
const REFUSED = [
  '*',
  'ssh*',
  'a b',
  '$(reboot)',
  '-.mount',
  '../plain',
  'plain;reboot',
  'init',
  'systemd',
  'multi-user.target',
  'system.slice',
  'tmp.mount',
  'monitor_service',
  'monitor_service.service',
];

describe('the other strategies, and names, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const name of PROGRAMS) await host.sh(`install -D -m 0755 /bin/sleep /opt/acme/${name}`);
    await writeUnits(host, UNITS);
    await installService(host, {
      monitor: { exclude: 'hands-off, untouched' },
      'process.default': { max_attempts: 1 },
      'process.web shop (old)': { system_name: 'webby' },
      'process.strayed': {},
      'process.guarded': { pre_restart_command: 'echo "syntax error in %s.conf" >&2 \\; exit 3' },
      'process.customd': {
        restart_strategy: 'custom',
        restart_command: '/opt/acme/%s infinity </dev/null >/dev/null 2>&1 & echo done >/usr/custom-was-here',
        health_check_command: 'pgrep -xf "/opt/acme/%s infinity"',
      },
      'process.stuck': {
        restart_strategy: 'custom',
        restart_command: 'sleep 7777 & setsid sleep 7778',
        restart_timeout: 1,
      },
      'process.liar': {
        restart_strategy: 'custom',
        restart_command: 'true',
        health_check_command: 'pgrep -f liar-daemon',
        health_check_timeout: 1,
      },
    });
  });
  afterAll(() => host?.stop());

  it('R19: a unit of that name is restarted', async () => {
    await host.run('systemctl', 'start', 'plain');
    const before = await showUnit(host, 'plain.service');
    const row = await alarms.raiseAndSettle('plain');
    expect(row.notes).toMatch(/^OK .*restarted by service/);
    expect((await showUnit(host, 'plain.service')).invocationId).not.toBe(before.invocationId);
  });

  it('R19: a bare process is restarted by process', async () => {
    await host.sh('setsid /opt/acme/bare infinity </dev/null >/dev/null 2>&1 &');
    const before = await findOnly(host, '/opt/acme/bare infinity');
    const row = await alarms.raiseAndSettle('bare');
    expect(row.notes).toMatch(/^OK .*restarted by process/);
    expect(await findOnly(host, '/opt/acme/bare infinity')).not.toBe(before);
  });

  it('R14: one that runs in an excluded unit and beside it is left alone in both places', async () => {
    await host.sh(
      'systemctl start untouched; setsid /opt/acme/sharedd infinity </dev/null >/dev/null 2>&1 &',
    );
    const before = await waitFor('both', async () => {
      const pids = await findPids(host, '/opt/acme/sharedd infinity');
      return pids.length === 2 && pids;
    });
    expect(await alarms.raiseAndSettle('sharedd')).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*untouched\.service is excluded in config\.ini/),
    });
    expect(await findPids(host, '/opt/acme/sharedd infinity')).toEqual(before);
  });

  it('R11: one that was stopped beside a unit is owed a start, also when only the unit runs any more', async () => {
    const program =
      '#!/bin/sh\n[ -e /run/pooled.broken$1 ] && exit 7\n: >/run/pooled.ready$1\nread -r _ </run/pooled.fifo\n';
    await host.write('/opt/acme/pooled', program, '0755');
    await host.sh('mkfifo /run/pooled.fifo');
    await writeUnits(host, { 'pool-worker.service': '[Service]\nExecStart=/opt/acme/pooled -unit\n' });
    await host.sh('systemctl start pool-worker; setsid /opt/acme/pooled -bare </dev/null >/dev/null 2>&1 &');
    await waitFor('both', async () => (await host.sh('ls /run')).match(/pooled\.ready/g)?.length === 2);
    await host.run('touch', '/run/pooled.broken-bare');
    expect(await alarms.raiseAndSettle('pooled')).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .*ended at once/),
    });
    await host.run('rm', '/run/pooled.broken-bare');
    expect(await host.run('monitor_service', 'restart', 'pooled')).toMatch(/restarted by/);
    await findOnly(host, '/bin/sh /opt/acme/pooled -bare');
    await findOnly(host, '/bin/sh /opt/acme/pooled -unit');
  });

  it('R19: where the restart of the unit fails the process is restarted', async () => {
    await host.sh('setsid /opt/acme/broken infinity </dev/null >/dev/null 2>&1 &');
    const before = await findOnly(host, '/opt/acme/broken infinity');
    const row = await alarms.raiseAndSettle('broken');
    expect(row.notes).toMatch(/^OK .*restarted by process/);
    expect(await findOnly(host, '/opt/acme/broken infinity')).not.toBe(before);
  });

  it.each(Object.entries(MASKED))(
    'R19: the process of %s, masked while it runs, is not started by hand',
    async (unit, name) => {
      await host.write(
        `/usr/lib/systemd/system/${unit}`,
        `[Service]\nExecStart=/opt/acme/${name} infinity\n`,
      );
      await host.sh(`systemctl daemon-reload; systemctl start ${unit}; systemctl mask ${unit}`);
      const before = await findOnly(host, `/opt/acme/${name} infinity`);
      const row = await alarms.raiseAndSettle(name);
      expect(row).toEqual({
        alarma: 1,
        notes: expect.stringMatching(new RegExp(`^FAILED .*${unit} is masked`)),
      });
      expect(await findOnly(host, `/opt/acme/${name} infinity`)).toBe(before);
    },
  );

  it("R19, R29: a process of the same name in somebody's session stands in for no unit that fails", async () => {
    await host.sh(
      'systemd-run --quiet --scope --unit=session-77 /opt/acme/strayed infinity </dev/null >/dev/null 2>&1 &',
    );
    const before = await findOnly(host, '/opt/acme/strayed infinity');
    const row = await alarms.raiseAndSettle('strayed');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*strayed\.service/) });
    expect(await findOnly(host, '/opt/acme/strayed infinity')).toBe(before);
    const check = ['/opt/monitor_service/bin/monitor_service', 'check', '--config'];
    const { stdout } = await host.exec([...check, '/opt/monitor_service/config.ini']);
    expect(stdout).toMatch(/strayed +not healthy now: strayed\.service is failed/);
  });

  it('R19: a process of a unit with another name: that unit is restarted, there is no second manager', async () => {
    await host.run('systemctl', 'start', 'acme-backend');
    const before = await showUnit(host, 'acme-backend.service');
    const row = await alarms.raiseAndSettle('backendd');
    expect(row.notes).toMatch(/^OK .*restarted by service/);
    const after = await showUnit(host, 'acme-backend.service');
    expect(after.invocationId).not.toBe(before.invocationId);
    expect(await findOnly(host, '/opt/acme/backendd infinity')).toBe(after.mainPid);
  });

  it('R14: a name with a section and a system_name is only a key to it', async () => {
    await host.run('systemctl', 'start', 'webby');
    const before = await showUnit(host, 'webby.service');
    const row = await alarms.raiseAndSettle('web shop (old)');
    expect(row.notes).toMatch(/^OK .*restarted by service/);
    expect((await showUnit(host, 'webby.service')).invocationId).not.toBe(before.invocationId);
  });

  it('R20: restart_command runs outside our sandbox, and its daemon outlives this service', async () => {
    const row = await alarms.raiseAndSettle('customd');
    expect(row.notes).toMatch(/^OK .*restarted by custom/);
    expect(await host.read('/usr/custom-was-here')).toBe('done\n');
    const pid = await findOnly(host, '/opt/acme/customd infinity');
    const daemon = await readProcess(host, pid);
    expect(daemon.cgroup).not.toMatch(/monitor_service/);
    expect(daemon.mountNamespace).toBe((await readProcess(host, 1)).mountNamespace);
    await restartService(host);
    expect(await findOnly(host, '/opt/acme/customd infinity')).toBe(pid);
  });

  it('R16: nothing of a restart_command survives its deadline', async () => {
    const row = await alarms.raiseAndSettle('stuck');
    expect(row.notes).toMatch(/^FAILED .*restart_command: no answer within 1 s/);
    expect(await findPids(host, 'sleep 777[78]')).toEqual([]);
  });

  it('R21: a health check with pgrep -f does not find itself', async () => {
    const row = await alarms.raiseAndSettle('liar');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*health_check_command: exit/) });
  });

  it('a pre-restart command that fails: nothing is restarted, the reason is in log and notes', async () => {
    await host.run('systemctl', 'start', 'guarded');
    const before = await showUnit(host, 'guarded.service');
    const row = await alarms.raiseAndSettle('guarded');
    expect(row.alarma).toBe(1);
    expect(row.notes).toMatch(/^FAILED .*exit code 3: syntax error/);
    expect(await journal(host)).toMatch(/guarded: .*exit code 3: syntax error in guarded\.conf/);
    expect(await showUnit(host, 'guarded.service')).toEqual(before);
  });

  it('an excluded process is left alone and its alarm stays', async () => {
    await host.run('systemctl', 'start', 'hands-off');
    const before = await showUnit(host, 'hands-off.service');
    await alarms.raise('hands-off');
    await waitFor('the line that says so', async () => /hands-off: .*excluded/.test(await journal(host)));
    expect(await showUnit(host, 'hands-off.service')).toEqual(before);
    expect((await alarms.row('hands-off')).alarma).toBe(1);
  });

  it.each(REFUSED)('R14: the name %s is refused, with a note on the row', async (name) => {
    const before = await showUnit(host, 'monitor_service.service');
    const bootId = await host.read('/proc/sys/kernel/random/boot_id');
    const row = await alarms.raiseAndSettle(name);
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^REFUSED /) });
    const { mainPid, invocationId } = await showUnit(host, 'monitor_service.service');
    expect({ mainPid, invocationId }).toEqual({
      mainPid: before.mainPid,
      invocationId: before.invocationId,
    });
    expect(await host.read('/proc/sys/kernel/random/boot_id')).toBe(bootId);
  });

  it('R14: an alias of this service is refused as well', async () => {
    await host.sh(
      'ln -s monitor_service.service /etc/systemd/system/watchman.service; systemctl daemon-reload',
    );
    const before = await showUnit(host, 'monitor_service.service');
    const row = await alarms.raiseAndSettle('watchman');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*is this service itself/) });
    expect((await showUnit(host, 'monitor_service.service')).invocationId).toBe(before.invocationId);
  });
});
