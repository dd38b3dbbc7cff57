import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { showUnit } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

describe('the database server itself in alarm, on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await installService(host);
  });
  afterAll(() => host?.stop());

  it('R12: mariadb is restarted once, the connection dies in mid-cycle, and the alarm ends cleared', async () => {
    const before = await showUnit(host, 'mariadb.service');
    const row = await alarms.raiseAndSettle('mariadb');
    const after = await showUnit(host, 'mariadb.service');
    expect(row).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(after.invocationId).not.toBe(before.invocationId);
    await waitFor('the stream to be back', async () =>
      /^streaming; no standing alarms/.test((await showUnit(host, 'monitor_service.service')).statusText),
    );
    expect((await showUnit(host, 'mariadb.service')).invocationId).toBe(after.invocationId);
    expect((await journal(host)).match(/mariadb: restarted by service/g)).toHaveLength(1);
  });
});
