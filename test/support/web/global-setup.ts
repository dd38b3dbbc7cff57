import { setup as setUpServers } from '../global-setup.js';
import { ensureChromium } from './ensure-chromium.js';

/** Before any test of the page: what integration tests need, and a browser. */
export async function setup(): Promise<void> {
  const chromium = ensureChromium();
  await setUpServers();
  process.stdout.write(`the tests of the page use ${chromium}\n`);
}
