import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/web/describe-in-browser.js';
import { makeCertificate } from '../support/web/make-certificate.js';
import { PASSWORD, writeUsers } from '../support/web/web-scene.js';

describeInBrowser('logging in', ({ open }) => {
  it('with a wrong password is told and slowed down; with the right one leads to where somebody wanted to go', async () => {
    const { visit, daemon } = await open(['alpha']);
    const page = await visit('#/history?span=7d');
    const tryWith = async (password: string): Promise<number> => {
      const answer = page.waitForResponse(/\/api\/login$/);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Log in' }).click();
      return (await answer).status();
    };
    await page.getByLabel('Name').fill('anna');
    await tryWith('guess');
    await page.getByRole('alert').getByText('This name and password do not belong together.').waitFor();
    // Ready for the next try.
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('password');
    await daemon.waitForLine(/WARNING.*anna/);
    await tryWith('another guess');
    await page
      .getByRole('alert')
      .getByText(/Too many tries|do not belong together/)
      .waitFor();
    await expect.poll(() => tryWith(PASSWORD), { timeout: 60_000, interval: 1000 }).toBe(200);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(page.url()).toMatch(/#\/history\?span=7d$/);
    // It survives a reload of the page.
    await page.reload();
    await page.getByRole('heading', { name: 'History' }).waitFor();

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in to act' }).waitFor();
    expect(await page.getByRole('heading', { name: 'History' }).count()).toBe(0);
  });

  it('is needed for everything where the page has a name, also after a restart of the service', async () => {
    const { daemon, start, visit, visitAsUser, port } = await open(
      ['alpha'],
      { web: { hostname: 'localhost', tls_cert: 'web-cert.pem', tls_key: 'web-key.pem' } },
      (scene) => makeCertificate(scene.path),
    );
    const there = { origin: `https://localhost:${port}`, ignoreHTTPSErrors: true };
    const anybody = await visit('#/', there);
    await anybody.getByLabel('Password').waitFor();
    expect(await anybody.getByRole('navigation').getByRole('link').count()).toBe(0);

    const page = await visitAsUser('#/processes', there);
    await page.getByRole('link', { name: 'alpha' }).waitFor();
    daemon.signal('SIGTERM');
    await daemon.exit;
    await page.locator('.lost-bar', { hasText: 'No connection' }).waitFor();
    await start();
    await page.getByLabel('Password').waitFor();
    expect(await page.locator('.lost-bar:visible').count()).toBe(0);
    expect(await page.getByText('alpha').count()).toBe(0);
    await page.getByLabel('Name').fill('anna');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    // Where somebody was before.
    await page.getByRole('link', { name: 'alpha' }).waitFor();
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
