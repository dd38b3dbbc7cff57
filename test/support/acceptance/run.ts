import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { prepareTree } from './prepare-tree.js';

/** Runs the acceptance tests; arguments go to vitest. */
const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

const tree = prepareTree();
// Not npx, which would not hand on the signal that ends us.
const tests = spawn(
  process.execPath,
  [VITEST, 'run', '--config', 'vitest.acceptance.config.ts', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, ACCEPTANCE_TREE: tree } },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void tests.kill(signal));
await once(tests, 'close');
process.exit(tests.exitCode ?? 1);
