import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/web/describe-in-browser.js';

const CALM = {
  monitor: { max_restart_failures: 1, circuit_reset_time: 600 },
  'process.default': { max_attempts: 1 },
};

/** Opens the dialogue of an action, and answers it with yes. */
async function confirm(
  page: Page,
  action: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.getByRole('button', { name: `${action}…`, exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label).fill(text);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describeInBrowser('what can be done on the page', ({ open }) => {
  it('restarts a process now, and shows each step where the button was', async () => {
    const { scene, daemon, visitAsUser } = await open(['alpha'], CALM);
    const page = await visitAsUser('#/process/1');
    await scene.fleet.hold('alpha');
    await confirm(page, 'Restart now');
    await page.locator('.slot-running', { hasText: /attempt 1\/1 started|restart/ }).waitFor();
    await scene.fleet.release('alpha');
    await page.locator('.slot-done .told-ok', { hasText: /verified healthy/ }).waitFor();
    expect(await scene.fleet.restarts('alpha')).toBe(1);
    // With the name of the user, in the log and in the history.
    await daemon.waitForLine(/alpha: .*by anna/);
    await page.getByRole('row', { name: /restarted.*manual by .*anna/ }).waitFor();
    // The button comes back.
    await page.getByRole('button', { name: 'OK, show the button again' }).click();
    await page.getByRole('button', { name: 'Restart now…' }).waitFor();
  });

  it('says why an action was refused, where its button was', async () => {
    const { visitAsUser, scene } = await open(['alpha'], CALM);
    const page = await visitAsUser('#/process/1');
    await scene.run('pause', 'alpha');
    await page.locator('h1', { hasText: 'paused' }).waitFor();
    await confirm(page, 'Restart now');
    await page.locator('.slot-done .told-bad', { hasText: /alpha is paused/ }).waitFor();
  });

  it('pauses with time and reason, and resumes: an alarm waits meanwhile, and is answered then', async () => {
    const { scene, visitAsUser } = await open(['alpha'], CALM);
    const page = await visitAsUser('#/process/1');
    await page.getByRole('button', { name: 'Pause…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Another time').fill('soon');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.getByText('“soon” is no time').waitFor();
    await dialog.getByLabel('Another time').fill('1h30m');
    await dialog.getByLabel('Reason').fill('new disks');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.slot-done', { hasText: /Paused by anna.* until .*: new disks/ }).waitFor();

    await scene.database.raise(1);
    await page.locator('.panel-state', { hasText: /Alarm\s*raised/ }).waitFor();
    await page.getByRole('link', { name: /^Overview/ }).click();
    await page.getByRole('row', { name: /alpha .*paused by anna.* until .*: new disks/ }).waitFor();
    expect(await scene.fleet.restarts('alpha')).toBe(0);
    await page.getByRole('button', { name: 'Resume alpha' }).click();
    await page.locator('.panel-pauses .slot-done', { hasText: 'resumed' }).waitFor();
    await expect.poll(async () => (await scene.database.row(1)).alarma).toBe(0);
    await page.getByRole('heading', { name: 'All quiet.' }).waitFor();
  });

  it('pauses all processes, and resumes them', async () => {
    const { scene, visitAsUser } = await open(['alpha', 'beta'], CALM);
    const page = await visitAsUser();
    await page.getByRole('button', { name: 'Pause all…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('For how long').selectOption('until somebody resumes it');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page
      .locator('.panel-pauses', { hasText: /all processes\s*paused by anna.* until somebody resumes it/ })
      .waitFor();
    expect((await scene.status()).pauses).toHaveLength(1);
    await page.getByRole('button', { name: 'Resume all processes' }).click();
    await page.locator('.panel-pauses .slot-done', { hasText: 'resumed' }).waitFor();
    expect((await scene.status()).pauses).toEqual([]);
    await page.getByRole('listitem').getByRole('button', { name: 'OK, show' }).click();
    await page.getByText('Nothing is paused.').waitFor();
  });

  it('raises an alarm with a note, shows what is done about it, and that it is over', async () => {
    const { scene, daemon, visitAsUser } = await open(['alpha'], CALM);
    const page = await visitAsUser('#/process/1');
    await scene.fleet.hold('alpha');
    await confirm(page, 'Raise alarm', { 'Notes of the alarm': 'no answer on port 80' });
    await page.locator('.slot-done', { hasText: 'raised' }).waitFor();
    await page.locator('.panel-state', { hasText: /Now\s*restarting, attempt 1\/1/ }).waitFor();
    await daemon.waitForLine(/alpha: alarm seen .*no answer on port 80/);
    await scene.fleet.release('alpha');
    await page.locator('.panel-state', { hasText: /Alarm\s*not raised/ }).waitFor();
    await page.locator('.panel-state', { hasText: /OK .* restarted by custom, attempt 1/ }).waitFor();
    await page.locator('.panel-events', { hasText: 'alarm cleared' }).waitFor();
  });

  it('clears an alarm without a restart', async () => {
    const { scene, visitAsUser } = await open(['alpha'], CALM);
    await scene.run('pause', 'alpha');
    await scene.database.raise(1);
    const page = await visitAsUser('#/process/1');
    await confirm(page, 'Clear alarm');
    await page.locator('.slot-done', { hasText: 'cleared' }).waitFor();
    expect((await scene.database.row(1)).alarma).toBe(0);
    expect(await scene.fleet.restarts('alpha')).toBe(0);
    await page.getByText('not raised').waitFor();
  });

  it('says why a breaker is open, and resets it', async () => {
    const { scene, visitAsUser } = await open(['alpha'], CALM);
    await scene.fleet.breakRestart('alpha');
    await scene.database.raise(1);
    const page = await visitAsUser();
    await page
      .getByRole('row', { name: /alpha .*breaker open after 1 failed cycle, tried again in/ })
      .waitFor();
    await page.locator('.panel-breakers', { hasText: /alpha\s*open after 1 failed cycle/ }).waitFor();
    await page.getByRole('cell').getByRole('link', { name: 'alpha' }).click();
    // What the command wrote.
    await page.locator('.panel-events', { hasText: 'no such queue' }).waitFor();
    await scene.fleet.repair('alpha');
    await confirm(page, 'Reset breaker');
    await page.locator('.slot-done', { hasText: 'breaker closed' }).waitFor();
    await expect.poll(async () => (await scene.database.row(1)).alarma).toBe(0);
    await page.locator('.panel-state', { hasText: /Breaker\s*closed/ }).waitFor();
  });

  it('without a login shows no action, but that one can log in to act', async () => {
    const { visit } = await open(['alpha'], CALM);
    const page = await visit();
    await page.getByRole('heading', { name: 'All quiet.' }).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    await page.getByRole('link', { name: 'alpha' }).click();
    await page.getByLabel('Password').waitFor();
  });
});
