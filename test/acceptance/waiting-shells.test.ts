import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import {
  installService,
  journal,
  restartService,
  untilStreaming,
} from '../support/acceptance/install-service.js';
import {
  SHELL_UNIT,
  stopShells,
  transientUnits,
  untilShellsWait,
} from '../support/acceptance/waiting-shells.js';
import { waitFor } from '../support/restart/wait-for.js';

/** All that a command is given, but for what differs between any two of them: process numbers, names of files and units. */
// The signals are those of a child: the shell itself blocks all of them for a moment while it forks.
const TELL_ALL = `{
  env | sort; pwd; umask; ulimit -a; tr '\\0' ' ' </proc/$$/cmdline; echo "$0 $- $#"
  ls -l /proc/$$/fd; cut -d' ' -f5-8 /proc/$$/stat; grep -E '^(Sig[PBIC]|Cap|NoNew|Seccomp|Uid|Gid|Groups)' /proc/self/status
  cat /proc/$$/oom_score_adj; readlink /proc/$$/exe /proc/$$/ns/[a-z]*; wc -c
} >/run/told-$TELLER 2>&1`;

const SCRIPTS: Readonly<Record<string, string>> = {
  '/opt/tell-all': TELL_ALL,
  '/opt/tell-unit': `grep -o 'process-monitor-[^/]*service' /proc/self/cgroup | head -n 1 >"/run/$1.unit"`,
  // It notes when it begins and ends, and stays until it may end.
  '/opt/gated':
    '/opt/tell-unit "$1"; echo begin $$ >>"/run/$1.said"\n' +
    'until test -e "/run/$1.go"; do sleep 0.05; done\necho end $$ >>"/run/$1.said"',
  '/opt/writes': `/opt/tell-unit writes\nyes "$(head -c 30000 /dev/zero | tr '\\0' x)" | head -c 100000000\nexit 3`,
};

const custom = (restart_command: string, others = {}) => ({
  restart_strategy: 'custom',
  restart_command,
  health_check_command: 'true',
  ...others,
});

const RECORDS = '/run/process-monitor-commands';
const DROP_IN = '/run/systemd/system/monitor_service.service.d/stay-dead.conf';

describe('R16: shells that wait in units of their own', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const [path, text] of Object.entries(SCRIPTS))
      await host.write(path, `#!/bin/sh\n${text}\n`, '0755');
    await installService(host, {
      'process.default': { max_attempts: 1 },
      'process.all': custom('/opt/tell-unit restart', {
        pre_restart_command: '/opt/tell-unit pre',
        health_check_command: '/opt/tell-unit check',
      }),
      'process.tells': custom('/run/teller'),
      // Longer than a test takes on a busy machine.
      'process.waits': custom('/opt/gated waits', { restart_timeout: 300 }),
      'process.before': custom('true', {
        pre_restart_command: '/opt/gated before',
        restart_timeout: 300,
      }),
      'process.other': custom('/opt/gated other'),
      'process.third': custom('/opt/gated third'),
      'process.hangs': custom('/opt/gated hangs', { restart_timeout: 8 }),
      'process.checks': custom('true', {
        health_check_command: '/opt/gated checks',
        health_check_timeout: 300,
      }),
      'process.reexec': custom('/opt/gated reexec'),
      'process.writes': custom('/opt/writes'),
      'process.secret': custom('SECRET=hush /opt/gated secret'),
    });
  });
  afterAll(() => host?.stop());

  const shells = () => untilShellsWait(host);
  const unitOf = async (name: string) => (await host.read(`/run/${name}.unit`)).trim();
  const said = async (name: string): Promise<string[]> =>
    (await host.exec(['cat', `/run/${name}.said`])).stdout.split('\n').filter((line) => line !== '');
  const begun = (name: string, times = 1) =>
    waitFor(
      `the command of ${name}`,
      async () => (await said(name)).filter((line) => line.startsWith('begin')).length >= times,
    );
  const records = async () => (await host.exec(['ls', RECORDS])).stdout;
  /** One more check may follow a clear (R12). */
  const untilNoRecord = () => waitFor('the records to go', async () => (await records()) === '');
  const killService = () =>
    host.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'monitor_service');

  const stayDead = async () => {
    await host.write(DROP_IN, '[Service]\nRestart=no\n');
    await host.run('systemctl', 'daemon-reload');
  };
  const start = async () => {
    await host.run('systemctl', 'start', 'monitor_service');
    await untilStreaming(host);
  };

  it('two wait for commands and one for a health check, and new ones come when they have run', async () => {
    const before = await shells();
    expect(await alarms.raiseAndSettle('all')).toMatchObject({ alarma: 0 });
    for (const file of ['pre', 'restart', 'check']) expect(before).toContain(await unitOf(file));
    expect(new Set([await unitOf('pre'), await unitOf('restart'), await unitOf('check')]).size).toBe(3);
    const after = await shells();
    expect(after.filter((unit) => before.includes(unit))).toEqual([]);
    await untilNoRecord();
    expect(await host.sh('ls /run/monitor_service/process-monitor-*/ | grep -c command || true')).toBe('0\n');
  });

  it('a command that is told to a shell is given what it is given in a unit made for it', async () => {
    const tell = async (teller: string): Promise<string> => {
      await host.write('/run/teller', `#!/bin/sh\nTELLER=${teller} exec /opt/tell-all\n`, '0755');
      expect(await alarms.raiseAndSettle('tells')).toMatchObject({ alarma: 0 });
      return (await host.read(`/run/told-${teller}`))
        .replaceAll(/process-monitor-\w{6}|INVOCATION_ID=\w+|SYSTEMD_EXEC_PID=\d+|\b\d\d:\d\d\b/g, '…')
        .replaceAll(/(pipe|socket|JOURNAL_STREAM=\d+):?\[?\d+\]?/g, '…')
        .replaceAll(/\/proc\/\d+|^\d+ \d+ \d+ -?\d+$|^total \d+$/gm, '…')
        .replaceAll(teller, '…');
    };
    await shells();
    const waited = await tell('waited');
    await stopShells(host);
    const made = await tell('made');
    expect(waited).toBe(made);
    expect(made).toContain('PATH=');
  });

  it('where they were killed the command gets a unit made for it', async () => {
    await stopShells(host);
    expect(await alarms.raiseAndSettle('all')).toMatchObject({ alarma: 0 });
    expect(await unitOf('pre')).toMatch(/^process-monitor-command-all-pre-restart-/);
    await shells();
  });

  it('two commands at once have both of them, a third one a unit made for it', async () => {
    const waiting = await shells();
    for (const name of ['waits', 'other']) {
      await alarms.raise(name);
      await begun(name);
    }
    await alarms.raise('third');
    await begun('third');
    expect(waiting).toContain(await unitOf('other'));
    expect(await unitOf('third')).toMatch(
      /^process-monitor-command-third-restart-|^process-monitor-command-shell-/,
    );
    expect((await records()).split('\n').filter(Boolean)).toHaveLength(3);
    expect(await host.sh(`cat ${RECORDS}/p* | cut -d' ' -f1,2 | sort`)).toBe(
      'other restart\nthird restart\nwaits restart\n',
    );
    await host.sh('touch /run/waits.go /run/other.go /run/third.go');
    for (const name of ['waits', 'other', 'third'])
      expect(await alarms.settled(name)).toMatchObject({ alarma: 0 });
    await host.sh('cd /run && rm *.go *.said');
  });

  it('R24: nobody but root can read what a shell is told, who runs in it, or what it waits at', async () => {
    await alarms.raise('secret');
    await begun('secret');
    expect(await host.sh('cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toMatch(/hush/);
    expect(
      await host.sh("systemctl show 'process-monitor-command-*' | grep -c 'hush\\|^Environment=.' || true"),
    ).toBe('0\n');
    for (const path of [RECORDS, '/run/monitor_service', '/run/monitor_service/process-monitor-*'])
      expect(await host.sh(`stat -c '%a %U' ${path} | sort -u`)).toBe('700 root\n');
    expect(
      await host.sh(
        'find /run/monitor_service/process-monitor-* -type p -o -type f | xargs stat -c %a | sort -u',
      ),
    ).toBe('600\n');
    await host.sh('touch /run/secret.go');
    expect(await alarms.settled('secret')).toMatchObject({ alarma: 0 });
    await host.sh('cd /run && rm *.go *.said');
  });

  it('they end with the service when it is stopped, and when it is killed', async () => {
    await stayDead();
    for (const end of [() => host.run('systemctl', 'stop', 'monitor_service'), killService]) {
      await shells();
      await end();
      await waitFor('the end of the shells', async () => (await transientUnits(host)).length === 0);
      await start();
    }
    await host.run('rm', DROP_IN);
    await host.run('systemctl', 'daemon-reload');
  });

  it.each([
    ['waits', 'restart'],
    ['before', 'pre-restart'],
  ])(
    'R31: after a SIGKILL the command of %s, %s, goes on, and its process is not touched until it has ended',
    async (name, step) => {
      await shells();
      await alarms.raise(name);
      await begun(name);
      await killService();
      await waitFor('the wait', async () =>
        (await journal(host)).includes(
          `${name}: the ${step} command of an earlier run of the service still runs`,
        ),
      );
      await untilStreaming(host);
      // Others are answered meanwhile.
      expect(await alarms.raiseAndSettle('all')).toMatchObject({ alarma: 0 });
      expect(await said(name)).toHaveLength(1);
      await host.run('touch', `/run/${name}.go`);
      expect(await alarms.settled(name)).toMatchObject({ alarma: 0 });
      const [first, second, third] = await said(name);
      expect(second).toBe(first?.replace('begin', 'end'));
      expect(third).toMatch(/^begin/);
      expect(await journal(host)).not.toMatch(
        new RegExp(`${name}: the ${step} command of an earlier run .* was ended`),
      );
      await host.sh('cd /run && rm *.go *.said');
      await untilNoRecord();
    },
  );

  it('R31: it is ended at the deadline that it had', async () => {
    await shells();
    await alarms.raise('hangs');
    await begun('hangs');
    await killService();
    await begun('hangs', 2);
    const [first = '', second = ''] = await said('hangs');
    expect(second).toMatch(/^begin/);
    expect((await host.exec(['kill', '-0', first.replace('begin ', '')])).exitCode).toBe(1);
    expect(await journal(host)).toMatch(/hangs: the restart command of an earlier run .* was ended/);
    await host.run('touch', '/run/hangs.go');
    await alarms.settled('hangs');
    await host.sh('cd /run && rm *.go *.said');
  });

  it('R16: it is ended soon after its deadline by a shell that still waited, if no run of the service follows', async () => {
    await stayDead();
    await shells();
    await alarms.raise('hangs');
    await begun('hangs');
    const [first = ''] = await said('hangs');
    await killService();
    await waitFor('the end of the command', async () => (await transientUnits(host)).length === 0, 40_000);
    expect((await host.exec(['kill', '-0', first.replace('begin ', '')])).exitCode).toBe(1);
    expect(await host.run('journalctl', '--identifier=monitor_service-command', '--output=cat')).toMatch(
      /hangs: the restart command of a run of the service that was killed was ended at its deadline/,
    );
    expect(await records()).toBe('');
    await host.run('rm', DROP_IN);
    await host.run('systemctl', 'daemon-reload');
    await start();
    await begun('hangs', 2);
    await host.run('touch', '/run/hangs.go');
    expect(await alarms.settled('hangs')).toMatchObject({ alarma: 0 });
    await host.sh('cd /run && rm *.go *.said');
  });

  it('R31: a health check of a killed service is ended at once', async () => {
    await shells();
    await alarms.raise('checks');
    await begun('checks');
    const [first = ''] = await said('checks');
    await killService();
    await begun('checks', 2);
    expect((await host.exec(['kill', '-0', first.replace('begin ', '')])).exitCode).toBe(1);
    await host.run('touch', '/run/checks.go');
    expect(await alarms.settled('checks')).toMatchObject({ alarma: 0 });
    // One more check may follow the clear (R7), and must not wait.
    await host.sh('cd /run && rm *.said');
  });

  it('systemd is started anew in the middle of a command, and while they wait', async () => {
    await shells();
    await alarms.raise('reexec');
    await begun('reexec');
    await host.run('systemctl', 'daemon-reexec');
    await host.run('touch', '/run/reexec.go');
    expect(await alarms.settled('reexec')).toMatchObject({ alarma: 0 });
    const waiting = await shells();
    await host.run('systemctl', 'daemon-reexec');
    expect(await alarms.raiseAndSettle('all')).toMatchObject({ alarma: 0 });
    expect(waiting).toContain(await unitOf('restart'));
  });

  it('a command that writes more than /run may hold takes no memory for it, and ends as it ends', async () => {
    await shells();
    const used = async () => Number(await host.sh('df --output=used -k /run | tail -n 1'));
    const before = await used();
    expect((await alarms.raiseAndSettle('writes')).notes).toMatch(/restart_command: exit code 3/);
    expect(await unitOf('writes')).toMatch(SHELL_UNIT);
    expect((await used()) - before).toBeLessThan(100_000);
    expect(await host.run('systemctl', 'show', '--property=NRestarts', 'monitor_service')).toMatch(/=\d/);
  });

  it('none wait where nothing is configured that they could run', async () => {
    await shells();
    await host.sh(
      "sed -i '/_command/d; s/^restart_strategy.*/restart_strategy = service/' /opt/monitor_service/config.ini",
    );
    await host.run('systemctl', 'reload', 'monitor_service');
    await waitFor('the end of the shells', async () => (await transientUnits(host)).length === 0);
    await restartService(host);
    expect(await transientUnits(host)).toEqual([]);
  });
});
