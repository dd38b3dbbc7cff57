import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService } from '../support/acceptance/install-service.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const SERVICE = 'monitor_service.service';

describe('two reboots of the host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await writeUnits(host, {
      'good.service': '[Service]\nExecStart=/bin/sleep infinity\n',
      'bad.service': '[Service]\nExecStart=/bin/sh -c "echo run >>/root/bad-runs; exit 1"\n',
    });
    await installService(host, {
      monitor: { max_restart_failures: 1 },
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
      // What does not run is only started when it has a section.
      'process.good': { restart_strategy: 'service' },
      'process.bad': { restart_strategy: 'service' },
    });
  });
  afterAll(() => host?.stop());

  async function statusBecomes(pattern: RegExp): Promise<void> {
    await waitFor(
      `the status ${pattern}`,
      async () => pattern.test((await showUnit(host, SERVICE)).statusText),
      60_000,
    );
  }

  it('R11: an open breaker is still open, and the alarm that was raised while it was down is caught', async () => {
    expect((await alarms.raiseAndSettle('bad')).notes).toMatch(/^FAILED /);
    await statusBecomes(/1 circuit open: bad/);
    expect(await host.read('/root/bad-runs')).toBe('run\n');

    for (const boot of ['first', 'second']) {
      // Raised by somebody while the service is down and the database still up.
      await host.run('systemctl', 'stop', SERVICE);
      await alarms.raise('good');
      await host.reboot();
      await statusBecomes(/^streaming/);
      const row = await waitFor(`good to be cleared after the ${boot} boot`, async () => {
        const now = await alarms.row('good');
        return now.alarma === 0 && now;
      });
      expect(row.notes).toMatch(/^OK /);
      expect((await showUnit(host, 'good.service')).activeState).toBe('active');
      await statusBecomes(/^streaming; 1 standing alarm; 1 circuit open: bad$/);
      expect((await alarms.row('bad')).alarma).toBe(1);
      expect(await host.read('/root/bad-runs')).toBe('run\n');
    }
  });
});
