import { expect, it } from 'vitest';
import type { Snapshot } from '../../../src/web/contract/live.js';
import type { ProcessPage } from '../../../src/web/contract/processes.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { fillTable } from '../../support/service/fill-table.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { PageClient } from '../../support/web/page-client.js';
import { PASSWORD, webSection } from '../../support/web/web-scene.js';

const PROCESSES = 300;
/** More than this many rows of a kind are not sent at once. */
const MOST_ROWS = 100;

describeOnServers('the page under load', oneServerKind, ({ open }) => {
  it('follows a storm of alarms with little, and is right at its end', async () => {
    const scene = await open('p1');
    await fillTable(scene.database, PROCESSES);
    const { port, config } = await webSection(scene);
    const daemon = await scene.watch({
      ...config,
      monitor: { max_parallel_restarts: 16 },
      'process.default': {
        restart_strategy: 'custom',
        restart_command: 'true',
        health_check_command: 'true',
        stable_for: 0,
      },
    });
    await daemon.waitForLine(/the page is at/);
    const anna = new PageClient(port);
    await anna.logIn('anna', PASSWORD);
    const pages = await Promise.all([anna, new PageClient(port), anna].map((client) => client.live()));
    await Promise.all(pages.map((page) => page.waitFor('snapshot')));

    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    const listed = await anna.ask('/api/processes?state=trouble&limit=200');
    expect((listed.json as ProcessPage).total).toBe(PROCESSES);
    expect((await new PageClient(port).ask('/api/charts')).status).toBe(200);
    await daemon.waitForLine(/p1: alarm cleared/);
    for (const page of pages) {
      await page.waitFor<Partial<Snapshot>>('change', ({ totals }) => (totals?.verified ?? 0) >= PROCESSES);
      await page.waitFor<Partial<Snapshot>>(
        'change',
        ({ counts }) => counts?.alarms === 0 && counts.cycles === 0,
      );
      const rows = page.events
        .filter(({ name }) => name === 'rows')
        .map(({ data }) => data as { rows: unknown[]; isCut: boolean });
      expect(rows.some(({ isCut }) => isCut)).toBe(true);
      expect(Math.max(...rows.map((each) => each.rows.length))).toBeLessThanOrEqual(MOST_ROWS);
      expect(page.message.closed).toBe(false);
      page.close();
    }
    const { json } = await anna.ask('/api/processes?state=trouble');
    expect((json as ProcessPage).matching).toBe(0);
  });

  it('a flood of logins holds up neither the state file nor a restart', async () => {
    const scene = await open('alpha');
    const { port, config } = await webSection(scene, { hostname: 'page.example.com', proxy_user: 'root' });
    const daemon = await scene.watch(config);
    await daemon.waitForLine(/the page is at/);
    let isOver = false;
    const statuses = new Set<number>();
    // Each seems to come from another address, so that nothing but the one check at a time slows them down.
    const flood = Array.from({ length: 40 }, async (_, lane) => {
      const client = new PageClient(port, { host: 'page.example.com' });
      for (let count = 0; !isOver; count += 1) {
        const { status } = await client.ask('/api/login', {
          body: { user: 'nobody', password: 'guess' },
          headers: {
            Origin: 'https://page.example.com',
            'X-Forwarded-For': `10.${lane}.${count >> 8}.${count & 255}`,
          },
        });
        statuses.add(status);
      }
    });
    await daemon.waitForLine(/a wrong password on the web page from 10\./);
    for (let pause = 0; pause < 5; pause += 1) {
      expect((await scene.run('pause', 'alpha')).code).toBe(0);
      expect((await scene.run('resume', 'alpha')).code).toBe(0);
    }
    const from = daemon.lines().length;
    await scene.database.raise('alpha');
    await daemon.waitForLine(/alpha: alarm cleared/, { from });
    isOver = true;
    await Promise.all(flood);
    expect([...statuses].sort()).toEqual([401, 429]);
  });
});
