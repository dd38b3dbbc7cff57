import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { copyFiles, installService } from '../support/acceptance/install-service.js';
import { findOnly } from '../support/acceptance/processes.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const SERVICE = 'monitor_service.service';
const BARE = '/opt/acme/bare infinity';

describe('this service comes and goes beside healthy processes, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await host.sh('install -D -m 0755 /bin/sleep /opt/acme/bare');
    await writeUnits(host, { 'unit.service': '[Service]\nExecStart=/bin/sleep infinity\n' });
    await installService(host);
    // Both have been restarted by this service and are managed by it since.
    await host.sh(`systemctl start unit; setsid ${BARE} </dev/null >/dev/null 2>&1 &`);
    expect((await alarms.raiseAndSettle('unit')).alarma).toBe(0);
    expect((await alarms.raiseAndSettle('bare')).alarma).toBe(0);
  });
  afterAll(() => host?.stop());

  const WAYS: readonly [string, () => Promise<unknown>][] = [
    ['a restart', () => host.run('systemctl', 'restart', SERVICE)],
    ['a reload', () => host.run('systemctl', 'reload', SERVICE)],
    [
      'an upgrade: an install over the running service, and a restart',
      async () => {
        await copyFiles(host);
        await host.run('systemctl', 'restart', SERVICE);
      },
    ],
    [
      'SIGKILL',
      async () => {
        const { mainPid } = await showUnit(host, SERVICE);
        await host.run('systemctl', 'kill', '--signal=SIGKILL', SERVICE);
        await waitFor('systemd to start it again', async () => {
          const now = await showUnit(host, SERVICE);
          return now.activeState === 'active' && now.mainPid !== mainPid;
        });
      },
    ],
  ];

  it.each(WAYS)('R11, R18: %s never touches a managed process that is healthy', async (_, happen) => {
    const before = { unit: await showUnit(host, 'unit.service'), bare: await findOnly(host, BARE) };
    await happen();
    await waitFor('the service to work again', async () =>
      /^streaming; no standing alarms$/.test((await showUnit(host, SERVICE)).statusText),
    );
    expect({ unit: await showUnit(host, 'unit.service'), bare: await findOnly(host, BARE) }).toEqual(before);
  });

  it('R11: after all that an alarm is still answered', async () => {
    const before = await findOnly(host, BARE);
    expect((await alarms.raiseAndSettle('bare')).alarma).toBe(0);
    expect(await findOnly(host, BARE)).not.toBe(before);
  });
});
