import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { prepareTree } from './prepare-tree.js';

/** Runs the acceptance tests, or those that need the host with the cluster software; arguments go to vitest. */
const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

const config = process.env.ACCEPTANCE_HOST?.endsWith('-floating')
  ? 'vitest.floating.config.ts'
  : 'vitest.acceptance.config.ts';
const tree = prepareTree();
// Not npx, which would not hand on the signal that ends us.
const tests = spawn(process.execPath, [VITEST, 'run', '--config', config, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ACCEPTANCE_TREE: tree },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void tests.kill(signal));
await once(tests, 'close');
process.exit(tests.exitCode ?? 1);
