import { normalizeUnitName } from '../system-name.js';

/**
 * Whether a name, or a name of a unit, means the host itself and not one of its services. A row without a section in
 * the configuration must not reboot the host or take it into single-user mode (R25).
 */
export function namesTheHost(name: string): boolean {
  const bare = normalizeUnitName(name.toLowerCase());
  return HOST_NAMES.has(bare) || HOST_PREFIXES.some((prefix) => bare.startsWith(prefix));
}

const HOST_PREFIXES = ['systemd-', 'user@', 'user-runtime-dir@', 'initrd-'];
const HOST_NAMES: ReadonlySet<string> = new Set([
  ...['rescue', 'emergency', 'debug-shell'],
  // Programs: with `start_command = %s` the name is run as one.
  ...['reboot', 'poweroff', 'halt', 'shutdown', 'telinit', 'kexec'],
]);
