import { normalizeUnitName } from '../system-name.js';

/**
 * Whether a name stands for the host itself and not for one service of it: a row that no section of the configuration
 * vouches for must not be able to reboot the host or take it into single-user mode (R25). Also for the names of a unit.
 */
export function namesTheHost(name: string): boolean {
  const bare = normalizeUnitName(name.toLowerCase());
  return HOST_NAMES.has(bare) || HOST_PREFIXES.some((prefix) => bare.startsWith(prefix));
}

const HOST_PREFIXES = ['systemd-', 'user@', 'user-runtime-dir@', 'initrd-'];
const HOST_NAMES: ReadonlySet<string> = new Set([
  ...['rescue', 'emergency', 'debug-shell'],
  // Programs: where start_command is `%s`, a name is one.
  ...['reboot', 'poweroff', 'halt', 'shutdown', 'telinit', 'kexec'],
]);
