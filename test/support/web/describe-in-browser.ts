import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { untilCalm } from '../service/calm.js';
import type { ConfigSections } from '../service/config-file.js';
import { mergeSections } from '../service/config-file.js';
import { describeOnServers } from '../service/describe-on-servers.js';
import type { Scene, SceneDaemon } from '../service/scene.js';
import { oneServerKind } from '../service/server-kinds.js';
import { launchBrowser } from './launch-browser.js';
import { PASSWORD, webSection } from './web-scene.js';

interface InBrowser {
  /**
   * A service with processes 1, 2, … of these names, and its page. All of it ends with the test. `prepare` runs before the
   * service starts.
   */
  open(
    names: readonly string[],
    config?: ConfigSections,
    prepare?: (scene: Scene) => Promise<unknown>,
  ): Promise<PageScene>;
}

interface PageScene {
  readonly scene: Scene;
  readonly daemon: SceneDaemon;
  readonly port: number;
  /** Starts the service again, after a kill. */
  start(): Promise<SceneDaemon>;
  /** A browser of its own, at this view; the test fails if the page has an error or asks another host. */
  visit(hash?: string, options?: VisitOptions): Promise<Page>;
  /** The same, logged in as anna. */
  visitAsUser(hash?: string, options?: VisitOptions): Promise<Page>;
}

/** Generous, as every wait of a test: it says that something never comes, not that it comes late. */
const PATIENCE_MS = 60_000;

/** `origin` where it is not the loopback address and the port of the service. */
type VisitOptions = BrowserContextOptions & { readonly origin?: string };

/** Tests of the page on a real service, a real database and in a real browser. */
export function describeInBrowser(name: string, tests: (on: InBrowser) => void): void {
  describeOnServers(name, oneServerKind, (on) => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(() => browser?.close());

    tests({
      async open(names, more = {}, prepare = async () => {}) {
        const scene = await on.open(...names);
        await prepare(scene);
        const { port, config } = await webSection(scene);
        const start = async (): Promise<SceneDaemon> => {
          const daemon = await scene.launch(mergeSections(config, more));
          await daemon.waitForLine(/the page is at/);
          await untilCalm(daemon, await daemon.waitForLine(/watching the binlog/));
          return daemon;
        };
        const daemon = await start();
        const visit: PageScene['visit'] = async (
          hash = '#/',
          { origin = `http://127.0.0.1:${port}`, ...options } = {},
        ) => {
          const context = await browser?.newContext({ viewport: { width: 1280, height: 800 }, ...options });
          if (!context) throw new Error('the browser has not been started');
          context.setDefaultTimeout(PATIENCE_MS);
          const page = await context.newPage();
          onTestFinished(async ({ task }) => {
            if (task.result?.state === 'fail') await tellPage(page);
            await context.close();
          });
          watchFaults(page, origin);
          await page.goto(`${origin}/${hash}`);
          return page;
        };
        return {
          scene,
          daemon,
          port,
          start,
          visit,
          async visitAsUser(hash = '#/', options = {}) {
            const page = await visit(`#/login?to=${encodeURIComponent(hash)}`, options);
            await logIn(page);
            return page;
          },
        };
      },
    });
  });
}

/** Fills in the form of the login, and waits until it has been accepted. */
async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** Waits until all that the view shows has been read. */
export async function untilRead(page: Page): Promise<void> {
  await page
    .getByText(/^(Reading|Waiting for the service) …$/)
    .first()
    .waitFor({ state: 'detached' });
}

async function tellPage(page: Page): Promise<void> {
  const text = await page.locator('body').innerText();
  process.stderr.write(`\nwhat the page at ${page.url()} showed:\n${text}\n`);
}

/** An error of a script, something that the policy forbids, a question to another host: each fails the test at its end. */
function watchFaults(page: Page, origin: string): void {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error.stack)));
  page.on('console', (message) => {
    // That the service is gone, or refuses something, is what some tests are about.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`a request to ${request.url()}`);
  });
  onTestFinished(() => expect(faults).toEqual([]));
}
