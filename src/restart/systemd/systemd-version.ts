import { runCommand } from '../commands/run-command.js';
import { isSystemdRunning } from './detect-systemd.js';

/** The oldest supported version. */
export const OLDEST_SYSTEMD = 239;

/** The version of the running systemd, e.g. 252. Undefined if systemd does not run on this host. */
export async function readSystemdVersion(): Promise<number | undefined> {
  if (!isSystemdRunning()) return undefined;
  const result = await runCommand({ argv: ['systemctl', '--version'] }, { timeoutMs: 5000 });
  const version = /^systemd (\d+)/m.exec(result.output)?.[1];
  return version === undefined ? 0 : Number(version);
}
