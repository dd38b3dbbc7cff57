import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAKE_TREE = fileURLToPath(new URL('make-host-tree.sh', import.meta.url));

/** The hosts that can be booted, and the systemd that each has. The first is booted where nobody says which. */
export const HOSTS = {
  bookworm: 'systemd 252, that of RHEL 9',
  bullseye: 'systemd 247',
  trixie: 'systemd 257, that of RHEL 10',
  'bookworm-dbus-broker': 'systemd 252 with dbus-broker, as RHEL 9 has it',
  'trixie-dbus-broker': 'systemd 257 with dbus-broker, as RHEL 10 has it',
  'bookworm-floating': 'systemd 252 with keepalived and Pacemaker',
} as const;

export type HostName = keyof typeof HOSTS;

/** @throws Error that says which there are. */
export function readHostName(name = process.env.ACCEPTANCE_HOST || 'bookworm'): HostName {
  if (isHostName(name)) return name;
  throw new Error(`there is no host ${name}, only ${Object.keys(HOSTS).join(', ')}`);
}

function isHostName(name: string): name is HostName {
  return Object.hasOwn(HOSTS, name);
}

/**
 * The tree that `bootHost` boots, made where it is not in the cache yet, which takes some minutes.
 *
 * @throws Error where it cannot be made; why is on stderr.
 */
export function makeHostTree(name: HostName): string {
  const made = spawnSync(MAKE_TREE, [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (made.status !== 0) throw new Error(`the tree of the host ${name} could not be made`);
  return made.stdout.trim();
}

/** Why no host can be booted on this machine; undefined where one can. */
export function findObstacle(): string | undefined {
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
