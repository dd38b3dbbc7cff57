import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { CycleRecord } from '../../src/domain/cycle/cycle-record.js';
import { formatHistoryLine } from '../../src/state/history-line.js';
import type { Scene } from '../support/service/scene.js';
import { describeInBrowser, untilRead } from '../support/web/describe-in-browser.js';

/** Where the pictures of docs/web.md are, if they are to be written anew: `npm run test:web -- --screenshots`. */
const folder = process.env.MONITOR_SCREENSHOTS;
const ROOT = join(import.meta.dirname, '../..');

const NAMES = [
  ...['httpd', 'plc-gateway', 'historian', 'opcua-server', 'mqtt-broker', 'label-printer', 'conveyor-ctl'],
  ...['weigh-station', 'camera-3', 'camera-4', 'mes-sync', 'erp-export', 'tag-server', 'lims-connector'],
];
const CONFIG = {
  monitor: { max_restarts: 10, max_restart_failures: 2, circuit_reset_time: 900, check_interval: 1 },
  'process.default': { max_attempts: 2, restart_delay: 0, restart_timeout: 120 },
  'process.historian': { health_check_timeout: 5 },
  'process.mes-sync': { after: 'historian' },
  'maintenance.weekly-backup': {
    ...{ schedule: '0 2 * * 6', duration: '2h', reason: 'database backup', processes: 'historian, mes-sync' },
  },
};

describeInBrowser('what docs/web.md shows', ({ open }) => {
  it('is what the page looks like', async () => {
    const { scene, daemon, visitAsUser } = await open(NAMES, CONFIG, writePast);
    // One of each: at work, waiting for it, paused, and with an open breaker.
    await scene.fleet.breakRestart('opcua-server');
    // A reading may find the alarm before its row change comes, which then gets a health check.
    await scene.fleet.planChecks('opcua-server', [1, 1, 1]);
    await scene.database.raise('opcua-server');
    await daemon.waitForLine(/opcua-server: circuit breaker opened/);
    await scene.run('pause', 'label-printer', '--for', '2h', '--reason', 'new paper');
    await scene.database.raise('label-printer');
    await daemon.waitForLine(/label-printer: .*paused/);
    await scene.raiseAndHold('historian');
    await scene.database.raise('mes-sync');
    await daemon.waitForLine(/mes-sync: waits for historian/);

    const page = await visitAsUser('#/', { viewport: { width: 1280, height: 860 } });
    await page.getByRole('row', { name: /mes-sync.*waiting for historian/ }).waitFor();
    await picture(page, 'page-overview');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'page-overview-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    await page.getByRole('row', { name: /lims-connector/ }).waitFor();
    await picture(page, 'page-processes');

    await page.getByRole('link', { name: 'opcua-server' }).click();
    await page.locator('.panel-events', { hasText: 'no such queue' }).waitFor();
    await picture(page, 'page-process');
    await page.getByRole('button', { name: 'Pause…' }).click();
    await page.getByRole('dialog').waitFor();
    await picture(page, 'page-pause');
    await page.keyboard.press('Escape');

    await page.setViewportSize({ width: 390, height: 780 });
    await page.getByRole('link', { name: /^Overview/ }).click();
    await page.getByRole('row', { name: /mes-sync.*waiting for historian/ }).waitFor();
    await picture(page, 'page-telephone');
    await scene.fleet.release('historian');
  });
});

/** The history of a day: the same in each run, but for the time at which it ends. */
async function writePast(scene: Scene): Promise<void> {
  const now = Date.now();
  const lines = Array.from({ length: 400 }, (_, index) => formatHistoryLine(pastCycle(index, now)));
  await writeFile(scene.path('history.jsonl'), lines.join(''), { mode: 0o600 });
}

function pastCycle(index: number, now: number): CycleRecord {
  const process = (index * index * 7 + index) % NAMES.length;
  // Some come together, as they do.
  const minutesAgo = 1430 - index * 3.5 - (index % 9 < 4 ? 9 : 0);
  const isBad = index % 23 === 7 || (process === 3 && index % 3 === 0);
  return {
    processId: process + 1,
    processName: NAMES[process] ?? '',
    trigger: index % 31 === 5 ? 'manual' : 'binlog',
    ...(index % 31 === 5 ? { by: 'anna on the web page' } : {}),
    seenAt: now - Math.max(2, minutesAgo) * 60_000,
    reactionMs: 2 + ((index * 13) % 9) + (index % 57 === 3 ? 140 : 0),
    durationMs: isBad ? 12_000 + ((index * 37) % 900) : 40 + ((index * 137) % 800),
    attempts: isBad ? 2 : 1,
    strategy: 'service',
    unit: `${NAMES[process]}.service`,
    verdict: isBad ? 'failed' : index % 17 === 2 ? 'healthy' : 'restarted',
    ...(isBad ? { reason: 'verify: health_check_command: exit code 7' } : {}),
  };
}

async function picture(page: Page, name: string): Promise<void> {
  await untilRead(page);
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  const bytes = await page.screenshot({ animations: 'disabled' });
  expect(bytes.length).toBeGreaterThan(10_000);
  if (folder === undefined) return;
  await mkdir(join(ROOT, folder), { recursive: true });
  await writeFile(join(ROOT, folder, `${name}.png`), bytes);
}
