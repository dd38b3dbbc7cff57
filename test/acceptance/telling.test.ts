import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { untilIdle } from '../support/acceptance/until-idle.js';
import { waitFor } from '../support/restart/wait-for.js';
import { parseExposition, seriesValue } from '../support/telemetry/exposition.js';

const TEXTFILE = '/var/lib/node_exporter/monitor_service.prom';

const SCRIPTS: Readonly<Record<string, string>> = {
  '/opt/notify':
    'echo "$MONITOR_EVENT $MONITOR_PROCESS $(cat)" >>/usr/local/told\n' +
    'test "$MONITOR_PROCESS" = nobody || exit 0\n' +
    'echo begin $$ >>/usr/local/nobody\nuntil test -e /run/go; do sleep 0.1; done\necho end $$ >>/usr/local/nobody',
  '/opt/escalate':
    'echo "$MONITOR_EVENT $MONITOR_PROCESS $(cat /proc/self/cgroup)" >>/usr/local/escalated\n' +
    'until test -e /run/go; do sleep 0.1; done\necho done >>/usr/local/escalated',
};

describe('metrics and notifications of the unit on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await host.run('mkdir', '-p', '/var/lib/node_exporter');
    for (const [path, text] of Object.entries(SCRIPTS))
      await host.write(path, `#!/bin/sh\n${text}\n`, '0755');
    await writeUnits(host, { 'flapper.service': '[Service]\nExecStart=/bin/sleep infinity\n' });
    await installService(host, {
      monitor: { max_restarts: 2 },
      metrics: { textfile: TEXTFILE, textfile_interval: 1 },
      // Where its sandbox would not let the service write.
      notify: {
        command: '/opt/notify',
        events: 'failed',
      },
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
      'process.flapper': { escalation_command: '/opt/escalate' },
    });
  });
  afterAll(() => host?.stop());

  it('R15: the command gets the event on stdin and in variables, outside the sandbox of the unit', async () => {
    await alarms.raiseAndSettle('nowhere');
    const told = await waitFor('the notification', () => host.read('/usr/local/told').catch(() => ''));
    const [, event, process, json = ''] = /^(\S+) (\S+) (\{.*\})\n$/.exec(told) ?? [];
    expect([event, process]).toEqual(['failed', 'nowhere']);
    expect(JSON.parse(json)).toMatchObject({ event: 'failed', process: 'nowhere', step: 'restart' });
  });

  it('the textfile is there for the user of node_exporter, whatever the umask of the unit', async () => {
    const text = await waitFor('the failure in the textfile', async () => {
      const written = await host.read(TEXTFILE).catch(() => '');
      return written.includes('outcome="failed"') && written;
    });
    const samples = parseExposition(text);
    expect(seriesValue(samples, 'monitor_service_cycles_total', { process: 'nowhere' })).toBe(1);
    expect((await host.sh(`stat -c %a ${TEXTFILE}`)).trim()).toBe('644');
  });

  it('R31, R34: a unit that flaps is left alone; its escalation and a notification go on although the service is killed', async () => {
    for (const _ of [1, 2]) {
      expect(await alarms.raiseAndSettle('flapper')).toMatchObject({ alarma: 0 });
      await untilIdle(host);
    }
    const { invocationId } = await showUnit(host, 'flapper.service');
    expect(await alarms.raiseAndSettle('flapper')).toEqual({
      alarma: 1,
      notes: expect.stringMatching(/^OPEN .*flapping: 2 restarts/),
    });
    const escalated = () => host.read('/usr/local/escalated').catch(() => '');
    const begun = await waitFor('the escalation', escalated);
    expect(begun).toMatch(/^flapping flapper .*process-monitor-/);
    await alarms.raiseAndSettle('nobody');
    const notified = () => host.read('/usr/local/nobody').catch(() => '');
    const [first = ''] = (await waitFor('the notification', notified)).split('\n');
    await host.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'monitor_service');
    // The breaker is still open, and does not escalate once more.
    await waitFor('the word of the next run', async () => {
      const [, , next = ''] = (await journal(host)).split('started, pid');
      return /flapper: not restarted: circuit breaker open/.test(next);
    });
    // That run has looked for what the one before has left.
    await host.run('touch', '/run/go');
    await waitFor('the end of the escalation', async () => (await escalated()).endsWith('\ndone\n'));
    // Of that one: the next run sends its own.
    await waitFor('the end of the notification', async () =>
      (await notified()).includes(first.replace('begin', 'end')),
    );
    expect(await alarms.row('flapper')).toMatchObject({ alarma: 1 });
    expect((await showUnit(host, 'flapper.service')).invocationId).toBe(invocationId);
    expect((await escalated()).match(/flapping/g)).toHaveLength(1);
    expect(await journal(host)).toMatch(/flapper: flapping: 2 restarts/);
  });
});
