import { expect, it, onTestFinished } from 'vitest';
import { describeOnMysql } from '../../support/conditional-tests.js';
import { startPrivateServer } from '../../support/private-server.js';
import { openSceneOfTest } from '../../support/service/scene.js';

/** More than the three after which a silent server is left. */
const HEARTBEATS = 5;
/** Long enough for a busy machine: the stream must not be lost because the service was not run for three of them. */
const HEARTBEAT_S = 1;

// MySQL makes certificates of its own at its first start; MariaDB 10.11 does not.
describeOnMysql('R6: a stream through TLS', () => {
  it('is alive for as long as its server is', async () => {
    const server = await startPrivateServer({ flavour: 'mysql' });
    onTestFinished(() => server.stop());
    const { database, watchCalmly } = await openSceneOfTest(server, { processes: ['alpha'] });
    const daemon = await watchCalmly({
      database: { ssl_mode: 'required' },
      binlog: { heartbeat: HEARTBEAT_S },
    });
    const endsAt = performance.now() + HEARTBEATS * HEARTBEAT_S * 1000;
    while (performance.now() < endsAt) {
      const from = daemon.lines().length;
      await database.raise(1);
      await daemon.waitForLine(/alpha: alarm cleared/, { from });
    }
    expect(daemon.lines().filter((line) => /stream lost|cannot be watched/.test(line))).toEqual([]);
  });
});
