import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAKE_TREE = fileURLToPath(new URL('make-host-tree.sh', import.meta.url));

/**
 * The tree that the throwaway hosts are booted from; it is made first if it is missing. If no host can be booted here this
 * says why and ends the process with exit code 0, but with 1 if CI=true, so that a CI that proves nothing is seen.
 */
export function prepareTree(): string {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    process.stdout.write(`no host can be booted here, so this is left out: ${obstacle}\n`);
    process.exit(process.env.CI === 'true' ? 1 : 0);
  }
  const made = spawnSync(MAKE_TREE, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (made.status !== 0) {
    process.stdout.write('no host can be booted: its tree could not be made\n');
    process.exit(1);
  }
  return made.stdout.trim();
}

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return `only Linux can be booted, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root, to mount and to boot a host with systemd-nspawn';
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
