import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const ONE_FAILURE = { monitor: { max_restart_failures: 1 }, 'process.default': { max_attempts: 1 } };

describeOnServers('a row that stands for another process now', rowServerKinds, ({ open }) => {
  it('R9, R11: has no open breaker of the process that it stood for, also after a restart of the service', async () => {
    const { database, fleet, watch } = await open('alpha', 'beta');
    const rename = (name: string) =>
      database.query('UPDATE PROCESE SET process_name = ? WHERE process_id = 1', [name]);
    const first = await watch(ONE_FAILURE);
    await fleet.breakRestart('alpha');
    // A raise that comes while a cycle still ends gets a health check first.
    await fleet.fallIll('alpha', 1);
    await database.raise(1);
    await first.waitForLine(/alpha: circuit breaker opened/);
    // While the service runs.
    await rename('gamma');
    await database.lower(1);
    await database.raise(1);
    await first.waitForLine(/gamma: process_id 1 was alpha before/);
    const cleared = await first.waitForLine(/gamma: alarm cleared/);

    await rename('alpha');
    await database.raise(1);
    await first.waitForLine(/alpha: circuit breaker opened/, { from: cleared.index });
    await first.stop();
    // While it does not.
    await rename('delta');
    const second = await watch(ONE_FAILURE);
    await second.waitForLine(/delta: process_id 1 was alpha before/);
    await second.waitForLine(/delta: alarm cleared/);
    expect(await database.row(1)).toMatchObject({ alarma: 0 });
  });

  it('is not paused because its name was, when another row had it', async () => {
    const { database, watch, run } = await open('alpha', 'beta');
    const daemon = await watch();
    await run('pause', 'alpha');
    await database.query("UPDATE PROCESE SET process_name = 'other' WHERE process_id = 1");
    await database.query("UPDATE PROCESE SET process_name = 'alpha' WHERE process_id = 2");
    await database.raise(2);
    await daemon.waitForLine(/alpha: alarm cleared/);
    await database.query("UPDATE PROCESE SET process_name = 'beta' WHERE process_id = 2");
    await database.query("UPDATE PROCESE SET process_name = 'alpha' WHERE process_id = 1");
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen, paused/);
  });
});
