import { expect, it, onTestFinished } from 'vitest';
import { startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';
import { openSceneOfTest } from '../../support/service/scene.js';

const HEARTBEATS = 12;
const HEARTBEAT_S = 0.2;

// MySQL makes certificates of its own at its first start; MariaDB 10.11 does not.
it.each(serverFlavours().filter((flavour) => flavour === 'mysql'))(
  'R6: a stream through TLS is alive for as long as its server is, %s',
  async (flavour) => {
    const server = await startPrivateServer({ flavour });
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
  },
);
