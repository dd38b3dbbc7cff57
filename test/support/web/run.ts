import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs the tests of the page in a browser; arguments go to vitest. With `--screenshots` the pictures of docs/web.md are
 * written anew.
 */
const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const OPTION = '--screenshots';

const args = process.argv.slice(2);
// Not npx, which would not hand on the signal that ends us.
const tests = spawn(
  process.execPath,
  [VITEST, 'run', '--config', 'vitest.web.config.ts', ...args.filter((arg) => arg !== OPTION)],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(args.includes(OPTION) ? { MONITOR_SCREENSHOTS: 'docs/images' } : {}) },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void tests.kill(signal));
await once(tests, 'close');
process.exit(tests.exitCode ?? 1);
