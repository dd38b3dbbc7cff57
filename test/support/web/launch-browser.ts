import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from './ensure-chromium.js';

/** It asks nobody anything of its own accord: the machine of a test may have no network, and must be asked nothing. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium with an empty profile of its own; it ends with `close`, and with this process. */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    // Root has no sandbox. Only pages of this repository are opened.
    chromiumSandbox: false,
    args: QUIET,
    // Its first start reads some hundred megabytes.
    timeout: 120_000,
  });
}
