import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal, restartService } from '../support/acceptance/install-service.js';
import { writeUnits } from '../support/acceptance/unit-run.js';
import { stopShells, untilShellsWait } from '../support/acceptance/waiting-shells.js';
import { waitFor } from '../support/restart/wait-for.js';

/** What this command runs in, and then whatever else it is to do. */
const tellUnit = (name: string, then: string) =>
  `grep -o 'process-monitor-[^/]*service' /proc/self/cgroup | head -n 1 >>/run/${name}.unit && ${then}`;

const SCRIPTS: Readonly<Record<string, string>> = {
  // A daemon that speaks all the time, and a command that ends at once.
  '/opt/leave-daemon': '(while :; do echo tick; date >>/run/ticks; sleep 0.1; done) &\n',
  '/opt/fail': 'echo this is said first\necho it is broken >&2\nexit 3\n',
  '/opt/chatter': 'i=0; while [ $i -lt 30000 ]; do echo "line $i"; i=$((i+1)); done\necho the end\nexit 4\n',
  '/opt/hang': 'trap "" TERM\n(trap "" TERM; exec sleep 1234) &\nwhile :; do sleep 1; done\n',
  // Its shell dies of SIGTERM at once, what it has started takes its time.
  '/opt/tidy': '(trap "sleep 0.5; echo tidy >/run/tidy; exit" TERM; while :; do sleep 0.1; done) &\nwait\n',
  // It tells of one before it that still runs, and stays until it may end.
  '/opt/slow':
    'for pid in $(cat /run/slow); do kill -0 "$pid" && echo overlap >>/run/slow; done\n' +
    'echo $$ >>/run/slow\nuntil [ -e /run/slow-may-end ]; do sleep 0.1; done\n',
  '/opt/check': '(setsid sleep 4321 &)\ntest -e /run/checked\n',
};

const custom = (restart_command: string, others = {}) => ({
  restart_strategy: 'custom',
  restart_command,
  health_check_command: 'true',
  ...others,
});

describe('R16: the units of commands on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const [path, text] of Object.entries(SCRIPTS)) await host.write(path, `#!/bin/sh\n${text}`, '0755');
    await writeUnits(host, { 'plain.service': '[Service]\nExecStart=/bin/sleep infinity\n' });
    await installService(host, {
      logging: { level: 'DEBUG' },
      'process.default': { max_attempts: 1 },
      'process.named@1': custom(tellUnit('restart', 'true'), {
        pre_restart_command: tellUnit('pre', 'true'),
        health_check_command: tellUnit('check', 'true'),
      }),
      'process.leaves': custom('/opt/leave-daemon'),
      'process.fails': custom('/opt/fail'),
      'process.says': custom('TOKEN=zebra-7 && echo "all is $(printf well)"'),
      'process.chatters': custom('/opt/chatter'),
      'process.hangs': custom('/opt/hang', { restart_timeout: 1 }),
      'process.tidy': custom('/opt/tidy', { restart_timeout: 1 }),
      'process.checked': custom('touch /run/checked', { health_check_command: '/opt/check' }),
      'process.slow': custom('/opt/slow', {
        restart_timeout: 5,
        health_check_command: 'test -e /run/slow-may-end',
      }),
      'process.full': custom(tellUnit('full', 'true')),
      'process.no-bus': custom(tellUnit('no-bus', 'true')),
    });
  });
  afterAll(() => host?.stop());

  const ticks = async () => Number((await host.sh('wc -l </run/ticks')).trim());

  it('a unit has the name of its process and step, and is gone when its command has ended', async () => {
    await stopShells(host);
    expect(await alarms.raiseAndSettle('named@1')).toMatchObject({ alarma: 0 });
    expect(await host.read('/run/pre.unit')).toMatch(
      /^process-monitor-command-named\\x401-pre-restart-[0-9a-f]{8}\.service$/m,
    );
    // New shells may wait by the time of those that follow.
    for (const [file, step] of [
      ['restart', 'restart'],
      ['check', 'health-check'],
    ])
      expect(await host.read(`/run/${file}.unit`)).toMatch(
        new RegExp(
          `^process-monitor-command-(named\\\\x401-${step}|(check-)?shell)-[0-9a-f]{8}\\.service$`,
          'm',
        ),
      );
    await untilShellsWait(host);
  });

  it('what a command that failed said is in log and notes', async () => {
    expect((await alarms.raiseAndSettle('fails')).notes).toMatch(
      /restart_command: exit code 3: it is broken/,
    );
  });

  it('at DEBUG the log tells each command with its text, exit code, time and output, also where it succeeded', async () => {
    const told =
      /says: restart command: exit code 0 after \d+ ms: TOKEN=\*\*\* && echo "all is \$\(printf well\)" output="all is well"/;
    expect(await alarms.raiseAndSettle('says')).toMatchObject({ alarma: 0 });
    await waitFor('the line', async () => told.test(await journal(host)));
    expect(await journal(host)).toMatch(/says: health-check command: exit code 0 after \d+ ms: true$/m);
    expect(await journal(host)).not.toContain('zebra-7');
  });

  it('a command may say more than anybody wants to read', async () => {
    expect((await alarms.raiseAndSettle('chatters')).notes).toMatch(/restart_command: exit code 4/);
  });

  it('R31: a command that runs on after a SIGKILL of this service is ended, at its deadline, before it begins again', async () => {
    const begun = async (): Promise<string[]> =>
      (await host.exec(['cat', '/run/slow'])).stdout.split('\n').filter((line) => line !== '');
    await alarms.raise('slow');
    await waitFor('the command', async () => (await begun()).length === 1);
    await host.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'monitor_service');
    await waitFor('the command again', async () => (await begun()).length === 2);
    // It has a deadline, too.
    await host.run('touch', '/run/slow-may-end');
    const [first = '', second = ''] = await begun();
    expect(second).toMatch(/^\d+$/);
    expect((await host.exec(['kill', '-0', first])).exitCode).toBe(1);
    expect(await journal(host)).toMatch(/slow: the restart command of an earlier run .* was ended/);
    await waitFor('its end', async () => (await alarms.row('slow')).alarma === 0);
  });

  it('R18: a daemon that is left behind goes on, and says what it likes, over two restarts of this service', async () => {
    expect(await alarms.raiseAndSettle('leaves')).toMatchObject({ alarma: 0 });
    for (let restart = 1; restart <= 2; restart += 1) {
      await restartService(host);
      const before = await ticks();
      await waitFor('the daemon to go on', async () => (await ticks()) > before + 5);
    }
    await host.sh('pkill -f /opt/[l]eave-daemon');
    // A reading that shows an alarm first makes its event one that comes during the cycle, and a health check answers that.
    await waitFor('the last reading after the start', async () =>
      (await journal(host)).split('started, pid').at(-1)?.includes('the table has been read'),
    );
  });

  it('nothing of a command that ignores SIGTERM survives its deadline', async () => {
    expect((await alarms.raiseAndSettle('hangs')).notes).toMatch(/no answer within 1 s, killed/);
    expect((await host.exec(['pgrep', '-f', 'sleep 1234|/opt/hang'])).stdout).toBe('');
  });

  it('all that a command has started gets SIGTERM at its deadline, and the time to tidy up', async () => {
    expect((await alarms.raiseAndSettle('tidy')).notes).toMatch(/no answer within 1 s, killed/);
    expect(await host.read('/run/tidy')).toBe('tidy\n');
  });

  it('a health check leaves nothing behind', async () => {
    expect(await alarms.raiseAndSettle('checked')).toMatchObject({ alarma: 0 });
    expect((await host.exec(['pgrep', '-f', 'sleep 4321'])).stdout).toBe('');
  });

  it('R17: without the bus units and commands are restarted and run all the same, told once', async () => {
    await host.run('systemctl', 'start', 'plain');
    await host.run('systemctl', 'stop', 'dbus.socket', 'dbus.service');
    expect(await alarms.raiseAndSettle('no-bus')).toMatchObject({ alarma: 0 });
    expect(await alarms.raiseAndSettle('plain')).toMatchObject({ alarma: 0 });
    await host.run('systemctl', 'start', 'dbus.socket');
    expect(await host.read('/run/no-bus.unit')).toMatch(/^process-monitor-command-(shell|no-bus-restart)-/);
    const lines = (await journal(host))
      .split('\n')
      .filter((line) => /cannot be reached over D-Bus|lost/.test(line));
    expect(lines).toEqual([expect.stringMatching(/using systemctl until it is back$/)]);
  });

  it('with /run full a command runs within this service, with a warning', async () => {
    // The folder of the service is on the file system of /run.
    await host.sh(
      'mount -o remount,size=256M /run; dd if=/dev/zero of=/run/filled bs=1M 2>/dev/null || true',
    );
    try {
      await alarms.raise('full');
      await waitFor('the warning', async () =>
        /runs within this service, not in its own unit/.test(await journal(host)),
      );
    } finally {
      await host.run('rm', '/run/filled');
    }
    expect(await alarms.settled('full')).toMatchObject({ alarma: expect.any(Number) });
  });
});
