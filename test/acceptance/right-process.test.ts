import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal, restartService } from '../support/acceptance/install-service.js';
import { findOnly, findPids, readProcess } from '../support/acceptance/processes.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const UNITS = {
  // Its configuration is broken: it cannot start.
  'redisd.service': '[Service]\nExecStart=/bin/false\n[Install]\nWantedBy=multi-user.target\n',
  'never-run.service': '[Service]\nType=oneshot\nExecStart=/bin/touch /run/never-run-was-here\n',
  'doomed.service': '[Unit]\nFailureAction=reboot-force\n[Service]\nExecStart=/bin/sleep infinity\n',
  'enabled-job.service':
    '[Service]\nType=oneshot\nExecStart=/bin/touch /run/enabled-job-was-here\n[Install]\nWantedBy=multi-user.target\n',
  'asleep.service': '[Service]\nExecStart=/bin/sleep infinity\n',
  'asleep.socket': '[Socket]\nListenStream=/run/asleep.sock\n',
};
const ON_PATH = ['redisd', 'maskedd', 'byname', 'bare-unlisted'];

describe('the right process, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;
  let bootId: string;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const name of ON_PATH) await host.sh(`install -m 0755 /bin/sleep /usr/local/bin/${name}`);
    for (const name of ['kept', 'namesake', 'gateway', 'realtimed', 'vpnd', 'modest', 'copied'])
      await host.sh(`install -D -m 0755 /bin/sleep /opt/acme/${name}`);
    await host.sh('useradd --create-home app');
    await writeUnits(host, UNITS);
    await host.sh('ln -s rescue.service /etc/systemd/system/harmless.service; systemctl daemon-reload');
    await host.run('systemctl', 'enable', 'redisd', 'enabled-job');
    await installService(host, {
      'process.default': { max_attempts: 1 },
      'process.redisd': {},
      'process.maskedd': {},
      'process.byname': {},
      'process.kept': {},
      'process.namesake': {},
    });
    bootId = await host.read('/proc/sys/kernel/random/boot_id');
  });
  afterAll(() => host?.stop());

  it('R19: a unit that fails is not gone round by starting its program', async () => {
    const row = await alarms.raiseAndSettle('redisd');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*redisd\.service/) });
    expect(await findPids(host, '.*redisd.*')).toEqual([]);
  });

  it('R19: neither is a masked one', async () => {
    await host.run('systemctl', 'mask', 'maskedd');
    const row = await alarms.raiseAndSettle('maskedd');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*maskedd\.service is masked/) });
    expect(await findPids(host, '.*maskedd.*')).toEqual([]);
  });

  it('R26: nothing is started by its bare name, and check says so before', async () => {
    const row = await alarms.raiseAndSettle('byname');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*no process byname runs/) });
    expect(await findPids(host, '.*byname.*')).toEqual([]);
    const { stdout, exitCode } = await host.exec([
      '/opt/monitor_service/bin/monitor_service',
      'check',
      '--config',
      '/opt/monitor_service/config.ini',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('write start_command = /path/to/byname under [process.byname]');
  });

  it('R26: a daemon that died is started as it was, also after a restart of the service', async () => {
    await host.sh(
      'cd /home/app; TOKEN=zebra-9 setsid setpriv --reuid=app --regid=app --init-groups ' +
        '/opt/acme/kept infinity </dev/null >/dev/null 2>&1 &',
    );
    const pattern = '/opt/acme/kept infinity';
    const before = await readProcess(host, await findOnly(host, pattern));
    await restartService(host);
    const memory = '/var/lib/monitor_service/state.json.starts';
    await waitFor('how it runs to be taken down', async () => {
      const { stdout } = await host.exec(['cat', memory]);
      return stdout.includes('zebra-9');
    });
    expect((await host.sh(`stat -c '%U %a' ${memory}`)).trim()).toBe('root 600');
    await host.sh(`kill -KILL ${before.pid}`);
    await restartService(host);
    const row = await alarms.raiseAndSettle('kept');
    expect(row).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by process/) });
    const { uid, gid, groups, cwd, argv, env } = before;
    const after = await readProcess(host, await findOnly(host, pattern));
    expect(after).toMatchObject({ uid, gid, groups, cwd, argv, env: { TOKEN: env.TOKEN } });
    expect(await journal(host)).not.toContain('zebra-9');
  });

  it("R29: a user's program of the same name neither vouches for root's dead daemon nor is started in its place", async () => {
    const start = (as: string, argument: string) =>
      host.sh(`cd /; setsid ${as} /opt/acme/namesake ${argument} </dev/null >/dev/null 2>&1 &`);
    await start('', 'infinity');
    const daemon = await findOnly(host, '/opt/acme/namesake infinity');
    await restartService(host);
    await waitFor('how it runs to be taken down', async () => {
      const { stdout } = await host.exec(['cat', '/var/lib/monitor_service/state.json.starts']);
      return stdout.includes('/opt/acme/namesake');
    });
    await start('setpriv --reuid=app --regid=app --init-groups', '1000');
    const ofUser = await findOnly(host, '/opt/acme/namesake 1000');
    await host.sh(`kill -KILL ${daemon}`);
    const row = await alarms.raiseAndSettle('namesake');
    expect(row).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK .*restarted by process/) });
    expect(await findOnly(host, '/opt/acme/namesake 1000')).toBe(ofUser);
    const after = await readProcess(host, await findOnly(host, '/opt/acme/namesake infinity'));
    expect(after.uid).toBe(0);
    await host.sh(`kill ${ofUser}`);
  });

  it.each([
    ['gateway', 'chrt --batch 0'],
    ['realtimed', 'chrt --fifo 20'],
  ])(
    'R28: a daemon comes back with its priorities, limits and its own name: %s by %s',
    async (name, policy) => {
      await host.sh(
        'cd /opt/acme; ulimit -n 777; echo 100 >/proc/self/oom_score_adj; ' +
          `setsid nice -n -7 ionice -c2 -n1 taskset -c 0 ${policy} setpriv --no-new-privs ` +
          `/bin/bash -c "exec -a my-${name} /opt/acme/${name} infinity" </dev/null >/dev/null 2>/run/${name}.err &`,
      );
      const pattern = `my-${name} infinity`;
      const before = await findOnly(host, pattern).catch(async (error: unknown) => {
        throw new Error(await host.read(`/run/${name}.err`), { cause: error });
      });
      // Not its capabilities and filters: what this test starts comes from outside the host, with more of the one and less of
      // the other than anything that the host itself starts.
      const traits = (pid: number) =>
        host.sh(`cd /proc/${pid}; cat limits oom_score_adj; ionice -p ${pid}; cut -d' ' -f19,40,41 stat
        chrt -p ${pid} | cut -d: -f2; grep -E '^(Umask|NoNewPrivs|Cpus_allowed_list)' status`);
      const isTooOld = policy.includes('fifo') && (await systemdVersion(host)) < 252;
      if (isTooOld) {
        const row = await alarms.raiseAndSettle(name);
        expect(row).toEqual({
          alarma: 1,
          notes: expect.stringMatching(/^FAILED .*has a real-time priority/),
        });
        expect(await findOnly(host, pattern)).toBe(before);
        return;
      }
      const expected = await traits(before);
      expect(await alarms.raiseAndSettle(name)).toMatchObject({ alarma: 0 });
      const after = await findOnly(host, pattern);
      expect(after).not.toBe(before);
      expect(await traits(after)).toBe(expected);
      expect(await alarms.raiseAndSettle(name)).toMatchObject({ alarma: 0 });
      await findOnly(host, pattern);
    },
  );

  it.each([
    ['swapped-open', '/etc'],
    ['swapped-closed', '/root'],
  ])(
    'R28: a daemon whose user swaps its directory for a link while it ends is not started: %s',
    async (name, elsewhere) => {
      await host.write(
        `/opt/acme/${name}`,
        `#!/usr/bin/perl
chdir '/home/app/${name}';
$SIG{TERM} = sub { rename '/home/app/${name}', '/home/app/${name}.old'; symlink '${elsewhere}', '/home/app/${name}'; exit };
open READY, '>', '/home/app/${name}.ready';
sleep 1 while 1;
`,
        '0755',
      );
      await host.sh(
        `chmod 700 /root; install -d -o app /home/app/${name}; setsid setpriv --reuid=app --regid=app --init-groups --inh-caps=-all /opt/acme/${name} </dev/null >/dev/null 2>&1 &`,
      );
      await waitFor(
        'its handler',
        async () => (await host.exec(['test', '-e', `/home/app/${name}.ready`])).exitCode === 0,
      );
      await findOnly(host, `/usr/bin/perl /opt/acme/${name}`);
      const row = await alarms.raiseAndSettle(name);
      expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED /) });
      expect(await journal(host)).toMatch(
        new RegExp(`${name} ended at once: its working directory /home/app/${name} was replaced`),
      );
      expect(await findPids(host, `.*/opt/acme/${name}.*`)).toEqual([]);
      expect((await host.sh(`readlink /home/app/${name}`)).trim()).toBe(elsewhere);
    },
  );

  it('R28: of two copies the one on a terminal is left alone', async () => {
    await host.sh(
      'setsid /opt/acme/copied 100001 </dev/null >/dev/null 2>&1 & ' +
        'setsid script --quiet --command "exec /opt/acme/copied 100002" /dev/null </dev/null >/dev/null 2>&1 &',
    );
    const daemon = await findOnly(host, '/opt/acme/copied 100001');
    const atTerminal = await findOnly(host, '/opt/acme/copied 100002');
    expect((await host.sh(`readlink /proc/${atTerminal}/fd/1`)).trim()).toMatch(/^\/dev\/pts\//);
    expect(await alarms.raiseAndSettle('copied')).toMatchObject({ alarma: 0 });
    expect(await findOnly(host, '/opt/acme/copied 100001')).not.toBe(daemon);
    expect(await findOnly(host, '/opt/acme/copied 100002')).toBe(atTerminal);
    await host.sh(`kill ${atTerminal}`);
  });

  it('R28: a daemon that gave up groups of its user does not come back with them', async () => {
    await host.sh('usermod --append --groups video app');
    await host.sh(
      'setsid setpriv --reuid=app --regid=app --clear-groups --inh-caps=-all /opt/acme/modest infinity </dev/null >/dev/null 2>&1 &',
    );
    const pid = await findOnly(host, '/opt/acme/modest infinity');
    const row = await alarms.raiseAndSettle('modest');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*runs without the groups/) });
    expect(await findOnly(host, '/opt/acme/modest infinity')).toBe(pid);
  });

  it('R28: a daemon in a network of its own is not stopped', async () => {
    await host.sh('setsid unshare --net /opt/acme/vpnd infinity </dev/null >/dev/null 2>&1 &');
    const pid = await findOnly(host, '/opt/acme/vpnd infinity');
    const row = await alarms.raiseAndSettle('vpnd');
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED .*network namespace/) });
    expect(await findOnly(host, '/opt/acme/vpnd infinity')).toBe(pid);
  });

  it.each(['reboot', 'systemd-reboot', 'rescue', 'emergency', 'debug-shell', 'systemd-kexec', 'user@0'])(
    'R25: a row %s is refused',
    async (name) => {
      const row = await alarms.raiseAndSettle(name);
      expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^REFUSED /) });
    },
  );

  it.each([
    ['harmless', /rescue\.service belongs to the host/],
    ['doomed', /FailureAction/],
    ['never-run', /does not run, is not enabled/],
    ['bare-unlisted', /does not know how to start it/],
  ])('R25: nothing is started from nothing for a row %s', async (name, reason) => {
    const row = await alarms.raiseAndSettle(name);
    expect(row).toEqual({ alarma: 1, notes: expect.stringMatching(/^FAILED /) });
    expect(await journal(host)).toMatch(new RegExp(`${name}: .*${reason.source}`));
    expect(await findPids(host, '.*bare-unlisted.*')).toEqual([]);
    expect((await host.exec(['test', '-e', '/run/never-run-was-here'])).exitCode).toBe(1);
    expect((await showUnit(host, 'doomed.service')).activeState).toBe('inactive');
    expect(await host.read('/proc/sys/kernel/random/boot_id')).toBe(bootId);
  });

  it('R25: a unit that is enabled, or that an active socket starts, may be restarted', async () => {
    expect(await alarms.raiseAndSettle('enabled-job')).toMatchObject({ alarma: 0 });
    await host.run('test', '-e', '/run/enabled-job-was-here');
    await host.run('systemctl', 'start', 'asleep.socket');
    expect(await alarms.raiseAndSettle('asleep')).toMatchObject({ alarma: 0 });
  });
});

async function systemdVersion(host: Host): Promise<number> {
  return Number(/^systemd (\d+)/.exec(await host.run('systemctl', '--version'))?.[1]);
}
