import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/web/describe-in-browser.js';

const PROCESSES = 1000;
const names = Array.from({ length: PROCESSES }, (_, index) => `worker-${String(index + 1).padStart(4, '0')}`);

describeInBrowser('a storm', ({ open }) => {
  it('of alarms of 1,000 processes leaves the page usable: what is typed, focused and scrolled to stays', async () => {
    const { scene, visitAsUser } = await open(names, {
      monitor: { max_parallel_restarts: 4 },
      'process.default': { restart_command: 'sleep 0.05', health_check_command: 'true' },
    });
    const page = await visitAsUser('#/processes?sort=name');
    await page.getByText('1,000 processes').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(250);
    await page.getByRole('link', { name: 'Next →' }).click();
    await page.getByText('Page 2 of 20').waitFor();

    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    await page.locator('.badge').waitFor();
    await page.evaluate('scrollTo(0, 200)');
    const search = page.getByRole('searchbox', { name: 'Search by name' });
    await search.focus();
    await page.keyboard.type('0999', { delay: 60 });
    expect(await search.inputValue()).toBe('0999');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.getByText('1 of 1,000').waitFor();
    await page.getByRole('link', { name: 'worker-0999' }).click();
    await page.getByRole('heading', { name: /worker-0999/ }).waitFor();

    await page.getByRole('link', { name: /^Overview/ }).click();
    await page.getByRole('link', { name: /more: show all/ }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    // To the end.
    await page.getByRole('heading', { name: 'All quiet.' }).waitFor({ timeout: 240_000 });
    await page.locator('.connection:has-text("live")').waitFor();
  });
});
