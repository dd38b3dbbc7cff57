import { existsSync } from 'node:fs';
import { BusOrSystemctl, type OnBusState } from './bus-or-systemctl.js';
import type { SystemdClient } from './systemd-client.js';

/** Whether systemd is the system manager of this host, as sd_booted(3) decides it. */
export function isSystemdRunning(): boolean {
  return existsSync('/run/systemd/system');
}

/**
 * A client of systemd; undefined if this host has no systemd. It connects at the first call and does not keep this
 * process alive.
 */
export function detectSystemd(onBusState?: OnBusState): SystemdClient | undefined {
  return isSystemdRunning() ? new BusOrSystemctl(onBusState) : undefined;
}
