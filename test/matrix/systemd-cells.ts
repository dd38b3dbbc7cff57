import { execFileSync } from 'node:child_process';
import { findObstacle, HOSTS, type HostName, makeHostTree } from '../support/acceptance/host-tree.js';
import type { Cell } from './cell.js';

/** The oldest first. */
const ORDER: readonly HostName[] = [
  ...(['bullseye', 'bookworm', 'bookworm-dbus-broker', 'trixie', 'trixie-dbus-broker'] as const),
];

/** Each host that can be booted, with all acceptance tests. */
export const SYSTEMD_CELLS: readonly Cell[] = ORDER.map((name) => ({
  part: 'systemd',
  name,
  title: HOSTS[name],
  async prepare() {
    const obstacle = findObstacle();
    if (obstacle !== undefined) throw new Error(`no host can be booted here: ${obstacle}`);
    const tree = makeHostTree(name);
    const bus = name.endsWith('-dbus-broker') ? 'dbus-broker' : 'dbus-daemon';
    return {
      versions: {
        systemd: versionIn(tree, 'systemctl'),
        [bus]: versionIn(tree, bus),
        MariaDB: versionIn(tree, 'mariadbd'),
        rpm: versionIn(tree, 'rpm'),
      },
      env: { ACCEPTANCE_TREE: tree, ACCEPTANCE_HOST: name },
      vitestConfig: 'vitest.acceptance.config.ts',
      files: [],
    };
  },
}));

/** As the program itself says it, run in the tree. */
function versionIn(tree: string, program: string): string {
  const text = execFileSync('chroot', [tree, program, '--version'], { encoding: 'utf8' });
  // systemd has the number of its release first, and the whole one in brackets.
  const [, whole = /\d+(?:\.\d+)*/.exec(text)?.[0]] = /^systemd \d+ \((\S+)\)/.exec(text) ?? [];
  return whole ?? text.trim();
}
