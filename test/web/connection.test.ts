import { expect, it, onTestFinished } from 'vitest';
import { startTcpProxy } from '../support/faults/tcp-proxy.js';
import { describeInBrowser } from '../support/web/describe-in-browser.js';

const LIVE = '.connection:has-text("live")';
const LOST = '.lost-bar:has-text("No connection to the service.")';

describeInBrowser('an open page', ({ open }) => {
  it('says that the service was killed, keeps what it said, and comes back by itself', async () => {
    const { scene, daemon, start, visitAsUser } = await open(['alpha', 'beta']);
    const page = await visitAsUser();
    await page.locator(LIVE).waitFor();
    daemon.signal('SIGKILL');
    await daemon.exit;
    await page
      .locator(LOST)
      .getByText(/Trying (again in|now)/)
      .waitFor();
    await page.getByRole('heading', { name: 'All quiet.' }).waitFor();
    await scene.database.raise('beta');
    await start();
    await page.locator(LIVE).waitFor();
    expect(await page.locator(LOST).count()).toBe(0);
    // A restart of the service ends every session.
    await page.getByRole('link', { name: 'Log in to act' }).waitFor();
    await expect.poll(async () => (await scene.database.row('beta')).alarma).toBe(0);
    await page.getByRole('heading', { name: 'All quiet.' }).waitFor();
  });

  it('comes back when its stream was cut, with what has happened meanwhile', async () => {
    const { scene, port, visitAsUser } = await open(['alpha']);
    const proxy = await startTcpProxy(port);
    onTestFinished(() => proxy.close());
    const page = await visitAsUser('#/', { origin: `http://127.0.0.1:${proxy.port}` });
    await page.locator(LIVE).waitFor();
    await proxy.refuse();
    proxy.resetAll();
    await page.locator(LOST).waitFor();
    await scene.run('pause', 'alpha', '--reason', 'the page is away');
    await proxy.heal();
    await page.locator(LIVE).waitFor();
    await page.getByText(/paused by .* until somebody resumes it: the page is away/).waitFor();
    // The session is still there: nobody has to log in again for a cut cable.
    await page.getByRole('button', { name: 'Resume alpha' }).click();
    await page.locator('.panel-pauses .slot-done', { hasText: 'resumed' }).waitFor();
  });

  it('ends the action that a cut connection hides with words, and not for ever', async () => {
    const { scene, port, visitAsUser } = await open(['alpha']);
    const proxy = await startTcpProxy(port);
    onTestFinished(() => proxy.close());
    const page = await visitAsUser('#/process/1', { origin: `http://127.0.0.1:${proxy.port}` });
    await scene.fleet.hold('alpha');
    await page.getByRole('button', { name: 'Restart now…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart now' }).click();
    await scene.fleet.begun('alpha');
    proxy.resetAll();
    await page.locator('.slot-done', { hasText: /the connection was lost/ }).waitFor();
    await scene.fleet.release('alpha');
    await page.getByRole('row', { name: /restarted.*manual by .*anna/ }).waitFor();
  });
});
