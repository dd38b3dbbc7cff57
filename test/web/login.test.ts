import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/web/describe-in-browser.js';
import { PASSWORD, writeUsers } from '../support/web/web-scene.js';

describeInBrowser('logging in', ({ open }) => {
  it('with a wrong password is told and slowed down; with the right one leads to where somebody wanted to go', async () => {
    const { visit, daemon } = await open(['alpha']);
    const page = await visit('#/history?span=7d');
    const tryWith = async (password: string): Promise<void> => {
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Log in' }).click();
    };
    await page.getByLabel('Name').fill('anna');
    await tryWith('guess');
    await page.getByRole('alert').getByText('This name and password do not belong together.').waitFor();
    // Ready for the next try.
    expect(await page.evaluate('document.activeElement.name')).toBe('password');
    await daemon.waitForLine(/WARNING.*anna/);
    await tryWith('another guess');
    await page
      .getByRole('alert')
      .getByText(/Too many tries|do not belong together/)
      .waitFor();
    await expect
      .poll(
        async () => {
          await tryWith(PASSWORD);
          return await page.getByRole('button', { name: 'Log out' }).count();
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBe(1);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(page.url()).toMatch(/#\/history\?span=7d$/);
    // It survives a reload of the page.
    await page.reload();
    await page.getByRole('heading', { name: 'History' }).waitFor();

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in to act' }).waitFor();
    expect(await page.getByRole('heading', { name: 'History' }).count()).toBe(0);
  });

  it('is over when the user is gone: nothing of the user stays on the screen', async () => {
    const { scene, daemon, visitAsUser, port } = await open(['alpha']);
    await scene.database.query("UPDATE STATUS_PROCESS SET notes = 'a secret of the plant'");
    const page = await visitAsUser('#/process/1');
    await page.getByText('a secret of the plant').waitFor();
    await writeUsers(scene, { berta: PASSWORD });
    await daemon.reload({ web: { listen: `127.0.0.1:${port}`, password_file: scene.path('web-users') } });
    await page.getByLabel('Password').waitFor();
    expect(await page.getByText('a secret of the plant').count()).toBe(0);
  });
});
