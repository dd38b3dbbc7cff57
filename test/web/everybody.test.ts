import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, untilRead } from '../support/web/describe-in-browser.js';

const HOSTILE = '<img src=x onerror="document.title=\'taken over\'">';
const VIEWS = ['#/', '#/processes', '#/process/1', '#/process/999', '#/history?span=all', '#/login'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeInBrowser('the page for everybody', ({ open }) => {
  it('has nothing that axe-core finds, light and dark, wide and narrow, and never scrolls sideways', async () => {
    const { scene, visit, visitAsUser } = await open(['alpha', HOSTILE, 'gamma'], {
      monitor: { max_restart_failures: 1 },
      'process.default': { max_attempts: 1 },
      'maintenance.night': { schedule: '0 3 * * *', duration: '1h', reason: 'backups' },
    });
    await scene.fleet.breakRestart('gamma');
    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    await scene.run('pause', 'alpha', '--reason', 'new disks');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1280]) {
        const options = { colorScheme, viewport: { width, height: 800 } };
        const user = await visitAsUser('#/', options);
        for (const hash of VIEWS) await checkView(user, hash);
        const anybody = await visit('#/', options);
        for (const hash of ['#/', '#/processes', '#/login']) await checkView(anybody, hash);
      }
    }
  });

  it('shows a process with a hostile name as text', async () => {
    const { scene, visitAsUser } = await open([HOSTILE, 'rtl \u202e name'], {
      monitor: { check_interval: 300 },
    });
    await scene.database.raise(1);
    const page = await visitAsUser();
    await page
      .getByRole('row', { name: `${HOSTILE} ` })
      .getByText('refused', { exact: true })
      .waitFor();
    for (const hash of ['#/processes', '#/process/1', '#/history?span=all']) {
      await show(page, hash);
      await page.getByText(HOSTILE).first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
    }
    expect(await page.title()).not.toContain('taken over');
    await show(page, '#/processes');
    await page.getByText('rtl \\u202e name').waitFor();
  });

  it('can be used by keyboard alone', async () => {
    const { scene, visitAsUser } = await open(['alpha']);
    const page = await visitAsUser('#/process/1');
    await page.getByRole('button', { name: 'Restart now…' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Restart now…' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (let tabs = 0; (await focused()) !== 'Restart now…'; tabs += 1) {
      expect(tabs).toBeLessThan(5);
      await page.keyboard.press('Tab');
    }
    // Esc closes the dialogue, and the focus is where it was.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Restart now…');
    expect(await scene.fleet.restarts('alpha')).toBe(0);
    // Yes is the last button of the dialogue.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.slot-done', { hasText: /verified healthy/ }).waitFor();
    // Who works by keyboard is still there, and not at the top of the page.
    await expect.poll(() => page.evaluate("document.activeElement.closest('.slot') !== null")).toBe(true);
  });
});

async function show(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.locator('main h1').waitFor();
}

async function checkView(page: Page, hash: string): Promise<void> {
  await show(page, hash);
  await untilRead(page);
  await page.evaluate(AXE);
  const found = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  expect(found, hash).toEqual([]);
  expect(
    await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
    `${hash} scrolls sideways`,
  ).toBe(true);
}
