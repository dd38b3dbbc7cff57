import { existsSync } from 'node:fs';
import { BusOrSystemctl, type OnBusState } from './bus-or-systemctl.js';
import type { SystemdClient } from './systemd-client.js';

/** Whether systemd is the system manager here (what sd_booted(3) looks at). */
export function isSystemdRunning(): boolean {
  return existsSync('/run/systemd/system');
}

/** A client of it where it is. It connects with the first question, and does not keep this process from ending. */
export function detectSystemd(onBusState?: OnBusState): SystemdClient | undefined {
  return isSystemdRunning() ? new BusOrSystemctl(onBusState) : undefined;
}
