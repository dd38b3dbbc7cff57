import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs the acceptance tests; arguments go to vitest. Where a host cannot be booted it says why and ends with exit code
 * 0, but with 1 where CI=true, so that a CI that proves nothing is seen.
 */
const MAKE_TREE = fileURLToPath(new URL('make-host-tree.sh', import.meta.url));

const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

const obstacle = findObstacle();
if (obstacle !== undefined) {
  process.stdout.write(`the acceptance tests cannot run here and are left out: ${obstacle}\n`);
  process.exit(process.env.CI === 'true' ? 1 : 0);
}
const made = spawnSync(MAKE_TREE, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
if (made.status !== 0) {
  process.stdout.write('the acceptance tests cannot run: their host could not be made\n');
  process.exit(1);
}
const tree = made.stdout.trim();
process.stdout.write(`acceptance tests boot ${tree}\n`);
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

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return `they boot Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'they need root, to mount and to boot a host with systemd-nspawn';
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
  } catch {
    return 'this machine does not let root make namespaces, as in a container without privileges';
  }
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'the host is made of Debian packages, and there is no apt-get here';
  }
  return undefined;
}
