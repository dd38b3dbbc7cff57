import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService } from '../support/acceptance/install-service.js';
import { waitFor } from '../support/restart/wait-for.js';
import { parseExposition, seriesValue } from '../support/telemetry/exposition.js';

const TEXTFILE = '/var/lib/node_exporter/monitor_service.prom';

describe('metrics and notifications of the unit on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await host.run('mkdir', '-p', '/var/lib/node_exporter');
    await installService(host, {
      metrics: { textfile: TEXTFILE, textfile_interval: 1 },
      // Where its sandbox would not let the service write.
      notify: {
        command: 'echo "$MONITOR_EVENT $MONITOR_PROCESS $(cat)" >>/usr/local/told',
        events: 'failed',
      },
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
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
});
