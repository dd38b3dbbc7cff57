import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, restartService, untilStreaming } from '../support/acceptance/install-service.js';
import { findOnly, findPids, type HostProcess, readProcess } from '../support/acceptance/processes.js';
import { showUnit } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const LONG_NAME = 'a-daemon-with-quite-a-long-name';

/** Forks into the background, in a session of its own, as daemons did before systemd. */
const FORKING = `#!/usr/bin/perl
use POSIX;
exit 0 if fork;
POSIX::setsid();
exit 0 if fork;
chdir '/';
sleep 1 while 1;
`;
const STUBBORN = `#!/usr/bin/perl
$SIG{TERM} = 'IGNORE';
sleep 1 while 1;
`;
const PARENT = `#!/usr/bin/perl
for (1 .. 2) { if (!fork) { exec '/opt/acme/child', 'infinity' } }
sleep 1 while 1;
`;

describe('strategy process on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const name of ['owned', 'twins', 'child', 'absent', LONG_NAME]) {
      await host.sh(`install -D -m 0755 /bin/sleep /opt/acme/${name}`);
    }
    await host.sh(`groupadd --gid 7001 printers; groupadd --gid 7002 scanners; mkdir -p "/srv/app data"
      useradd --uid 1000 --user-group --groups printers,scanners --create-home app
      chown app: "/srv/app data"`);
    await host.write('/opt/acme/forking', FORKING, '0755');
    await host.write('/opt/acme/stubborn', STUBBORN, '0755');
    await host.write('/opt/acme/parent', PARENT, '0755');
    await host.write('/opt/acme/worker.sh', '#!/bin/sh\nwhile :; do sleep 1; done\n', '0755');
    await installService(host, {
      'process.default': { restart_strategy: 'process', max_attempts: 1, stop_timeout: 1 },
      'process.absent': { start_command: '/opt/acme/absent infinity' },
    });
  });
  afterAll(() => host?.stop());

  /** As somebody who is logged in starts a daemon by hand: in the scope of the session, detached from it. */
  async function startByHand(command: string): Promise<void> {
    await host.sh(
      `systemd-run --quiet --scope --unit=session-$$ sh -c 'setsid ${command} </dev/null >/dev/null 2>&1 &'`,
    );
  }

  async function expectRestarted(name: string, pattern: string): Promise<HostProcess> {
    const before = await findOnly(host, pattern);
    const row = await alarms.raiseAndSettle(name);
    expect(row).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by process/) });
    const pid = await findOnly(host, pattern);
    expect(pid).not.toBe(before);
    return readProcess(host, pid);
  }

  async function expectOutsideOurs(process: HostProcess): Promise<void> {
    const systemd = await readProcess(host, 1);
    const ours = await readProcess(host, (await showUnit(host, 'monitor_service.service')).mainPid);
    expect(process.cgroup).toMatch(/^\/system\.slice\/process-monitor-[^/]*\.service$/);
    expect(process.mountNamespace).toBe(systemd.mountNamespace);
    expect(ours.mountNamespace).not.toBe(systemd.mountNamespace);
    expect(process.noNewPrivileges).toBe(false);
    expect(process.capabilityBounds).toBe(systemd.capabilityBounds);
  }

  it('R18: a daemon started by hand keeps user, groups, directory, arguments and environment', async () => {
    await startByHand(
      'env "GREETING=a \\$HOME; \\"b\\"" setpriv --reuid=app --regid=app --init-groups ' +
        'env --chdir="/srv/app data" sh -c "exec /opt/acme/owned infinity >>own.log 2>&1"',
    );
    const pattern = '/opt/acme/owned infinity';
    const before = await readProcess(host, await findOnly(host, pattern));
    expect(before.env.GREETING).toBe('a $HOME; "b"');
    const after = await expectRestarted('owned', pattern);
    const { uid, gid, groups, cwd, argv } = before;
    expect(after).toMatchObject({ uid, gid, groups, cwd, argv });
    expect(after.env).toMatchObject({ GREETING: before.env.GREETING, HOME: before.env.HOME });
    await expectOutsideOurs(after);
  });

  it('R18: a daemon started by hand keeps the file that it writes its output to', async () => {
    const { files } = await readProcess(host, await findOnly(host, '/opt/acme/owned infinity'));
    expect(files).toMatchObject({ 1: '/srv/app data/own.log', 2: '/srv/app data/own.log' });
  });

  it('R18: what it starts gets no file descriptor and no notification socket of this service', async () => {
    const daemon = await readProcess(host, await findOnly(host, '/opt/acme/owned infinity'));
    expect(Object.keys(daemon.files).sort()).toEqual(['0', '1', '2']);
    expect(Object.keys(daemon.env)).not.toContain('NOTIFY_SOCKET');
  });

  it('R18: what it started survives a restart and a stop of this service', async () => {
    const pid = await findOnly(host, '/opt/acme/owned infinity');
    await restartService(host);
    expect(await findPids(host, '/opt/acme/owned infinity')).toEqual([pid]);
    await host.run('systemctl', 'stop', 'monitor_service');
    expect(await findPids(host, '/opt/acme/owned infinity')).toEqual([pid]);
    await host.run('systemctl', 'start', 'monitor_service');
    await untilStreaming(host);
    expect(await findPids(host, '/opt/acme/owned infinity')).toEqual([pid]);
  });

  it('R18: what it started itself is restarted as well, and stays the only instance', async () => {
    const after = await expectRestarted('owned', '/opt/acme/owned infinity');
    expect(after.groups).toEqual([1000, 7001, 7002]);
    await expectOutsideOurs(after);
  });

  it('R18: a daemon that goes into the background is restarted and survives this service', async () => {
    await host.sh('/opt/acme/forking </dev/null >/dev/null 2>&1');
    const after = await expectRestarted('forking', '/usr/bin/perl /opt/acme/forking');
    await expectOutsideOurs(after);
    await restartService(host);
    expect(await findOnly(host, '/usr/bin/perl /opt/acme/forking')).toBe(after.pid);
  });

  it('R18: a daemon that ignores SIGTERM is killed and started again', async () => {
    await startByHand('/opt/acme/stubborn');
    await expectRestarted('stubborn', '/usr/bin/perl /opt/acme/stubborn');
  });

  it('R18: the children of a daemon go with it and are not left beside the new ones', async () => {
    await startByHand('/opt/acme/parent');
    const before = await waitFor('two children', async () => {
      const pids = await findPids(host, '/opt/acme/child infinity');
      return pids.length === 2 && pids;
    });
    await expectRestarted('parent', '/usr/bin/perl /opt/acme/parent');
    const after = await waitFor('two new children', async () => {
      const pids = await findPids(host, '/opt/acme/child infinity');
      return pids.length === 2 && pids;
    });
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('R18: two instances of one executable are both restarted, each with its own arguments', async () => {
    await startByHand('/opt/acme/twins 1000001');
    await startByHand('/opt/acme/twins 1000002');
    const before = [
      await findOnly(host, '/opt/acme/twins 1000001'),
      await findOnly(host, '/opt/acme/twins 1000002'),
    ];
    const row = await alarms.raiseAndSettle('twins');
    expect(row.notes).toMatch(/^OK /);
    expect(before).not.toContain(await findOnly(host, '/opt/acme/twins 1000001'));
    expect(before).not.toContain(await findOnly(host, '/opt/acme/twins 1000002'));
  });

  it('R18, R21: a name of more than 15 characters is found, restarted and verified', async () => {
    await startByHand(`/opt/acme/${LONG_NAME} infinity`);
    await expectRestarted(LONG_NAME, `/opt/acme/${LONG_NAME} infinity`);
  });

  it('R18: a script is found by its own name, not by that of its interpreter', async () => {
    await startByHand('/opt/acme/worker.sh');
    await expectRestarted('worker.sh', '/bin/sh /opt/acme/worker.sh');
  });

  it('R18: where nothing runs the start command starts it, outside our cgroup and sandbox', async () => {
    const row = await alarms.raiseAndSettle('absent');
    expect(row.notes).toMatch(/^OK /);
    const pid = await findOnly(host, '/opt/acme/absent infinity');
    await expectOutsideOurs(await readProcess(host, pid));
    await restartService(host);
    expect(await findOnly(host, '/opt/acme/absent infinity')).toBe(pid);
  });

  it('R18: where nothing runs and nothing of that name is on PATH the alarm stays', async () => {
    const row = await alarms.raiseAndSettle('unheard-of');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*no process unheard-of runs/) });
  });
});
