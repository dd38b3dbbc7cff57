import { expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { startSilentNameServer, whyNoSilentNameServer } from '../../support/service/silent-name-server.js';

/** One more than the threads that Node.js has for files and names. */
const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const;
const hostOf = (name: string): string => `${name}.example.com`;

describeWhere('R33: the service beside a silent name server', whyNoSilentNameServer(), () => {
  describeOnServers('the daemon', oneServerKind, ({ openWith }) => {
    it('answers other alarms, status and pause while five names are looked up, and ends at SIGTERM', async () => {
      const nameServer = await startSilentNameServer();
      onTestFinished(() => nameServer.close());
      const scene = await openWith({ processes: [...NAMES, 'well'], through: nameServer.through });
      const sections = NAMES.map((name) => [
        `process.${name}`,
        { health_check_command: '', health_check_url: `http://${hostOf(name)}/`, health_check_timeout: 600 },
      ]);
      const daemon = await scene.watchCalmly({
        monitor: { max_parallel_restarts: 10, shutdown_timeout: 2 },
        ...Object.fromEntries(sections),
      });
      for (const id of [1, 2, 3, 4, 5]) await scene.database.raise(id);
      for (const name of NAMES) {
        await waitFor(`the look-up for ${name}`, () => nameServer.asked(hostOf(name)) > 0);
      }
      await scene.database.raise(6);
      await daemon.cleared('well');
      expect((await scene.run('pause', 'well')).code).toBe(0);
      expect((await scene.status()).pauses).toMatchObject([{ processName: 'well' }]);
      daemon.signal('SIGTERM');
      expect(await daemon.exit).toEqual({ code: 0, signal: null });
      expect(daemon.lines().at(-1)).toMatch(/monitor_service: stopped$/);
    });

    it('finds an address without it, and says that it was the name where it cannot', async () => {
      const nameServer = await startSilentNameServer();
      onTestFinished(() => nameServer.close());
      const scene = await openWith({ through: nameServer.through });
      const daemon = await scene.launch({ database: { host: 'db.example.com' } });
      await daemon.waitForLine(
        /name resolution fails at the moment: .*db\.example\.com: the name server gives no answer/,
      );
      await daemon.rewriteConfig(scene.configure({ database: { host: '127.1' } }));
      daemon.signal('SIGHUP');
      await daemon.waitForLine(/watching the binlog/);
    });
  });
});
