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
  monitor: { max_restarts: 10, max_restart_failures: 1, circuit_reset_time: 900 },
  'process.default': { max_attempts: 2, restart_delay: 0 },
  'process.historian': { health_check_timeout: 5 },
  'process.mes-sync': { after: 'historian' },
  'process.opcua-server': {
    restart_command: "echo 'opcua-server: port 4840 is in use' >&2; exit 3",
    health_check_command: 'pgrep -x opcua-server',
    pre_restart_command: 'test -d /etc',
  },
  'maintenance.weekly-backup': {
    ...{ schedule: '0 2 * * 6', duration: '2h', reason: 'database backup', processes: 'historian, mes-sync' },
  },
};

describeInBrowser('what docs/web.md shows', ({ open }) => {
  it('is what the page looks like', async () => {
    const { scene, daemon, visitAsUser } = await open(NAMES, CONFIG, writePast);
    // One of each: at work, waiting for it, paused, and with an open breaker.
    await scene.database.raise('opcua-server');
    await daemon.waitForLine(/opcua-server: circuit breaker opened/);
    await scene.run('pause', 'label-printer', '--for', '2h', '--reason', 'new paper');
    await scene.database.raise('label-printer');
    await daemon.waitForLine(/label-printer: .*paused/);
    await scene.raiseAndHold('historian');
    await scene.database.raise('mes-sync');
    await daemon.waitForLine(/mes-sync: waits for historian/);

    const page = await visitAsUser('#/', { viewport: { width: 1200, height: 820 } });
    await page.getByRole('row', { name: /mes-sync.*waiting for historian/ }).waitFor();
    await picture(page, 'page-overview');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'page-overview-dark', { x: 0, y: 0, width: 1200, height: 620 });
    await page.emulateMedia({ colorScheme: 'light' });

    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    await page.getByRole('row', { name: /lims-connector/ }).waitFor();
    await picture(page, 'page-processes', { x: 0, y: 0, width: 1200, height: 640 });

    await page.getByRole('link', { name: 'opcua-server' }).click();
    await page.locator('.panel-events', { hasText: 'port 4840 is in use' }).waitFor();
    await picture(page, 'page-process');
    await page.getByRole('button', { name: 'Pause…' }).click();
    const box = await page.getByRole('dialog').boundingBox();
    await picture(page, 'page-pause', box ?? undefined);
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
  const random = createRandom();
  const cycles = Array.from({ length: 300 }, () => pastCycle(random, now)).sort(
    (a, b) => a.seenAt - b.seenAt,
  );
  await writeFile(scene.path('history.jsonl'), cycles.map(formatHistoryLine).join(''), { mode: 0o600 });
}

/** The same numbers in each run. */
function createRandom(): () => number {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function pastCycle(random: () => number, now: number): CycleRecord {
  const process = random() < 0.3 ? 3 : Math.floor(random() * NAMES.length);
  // More of them in some hours than in others.
  const hoursAgo = random() < 0.4 ? 2 + random() * 2 : random() * 23.5;
  const isBad = random() < (process === 3 ? 0.2 : 0.04);
  const isManual = random() < 0.04;
  return {
    processId: process + 1,
    processName: NAMES[process] ?? '',
    trigger: isManual ? 'manual' : 'binlog',
    ...(isManual ? { by: 'anna on the web page' } : {}),
    seenAt: Math.floor(now - 120_000 - hoursAgo * 3_600_000),
    reactionMs: Math.floor(2 + random() ** 6 * 150),
    durationMs: Math.floor(isBad ? 9_000 + random() * 4_000 : 40 + random() ** 3 * 1_500),
    attempts: isBad ? 2 : 1,
    strategy: 'service',
    unit: `${NAMES[process]}.service`,
    verdict: isBad ? 'failed' : random() < 0.08 ? 'healthy' : 'restarted',
    ...(isBad ? { reason: 'verify: health_check_command: exit code 7' } : {}),
  };
}

async function picture(
  page: Page,
  name: string,
  clip?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<void> {
  await untilRead(page);
  // The charts are drawn, and nothing is under the mouse.
  await page.mouse.move(0, 0);
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  const bytes = await page.screenshot({ animations: 'disabled', ...(clip && { clip }) });
  expect(bytes.length).toBeGreaterThan(5000);
  if (folder === undefined) return;
  await mkdir(join(ROOT, folder), { recursive: true });
  await writeFile(join(ROOT, folder, `${name}.png`), bytes);
}
