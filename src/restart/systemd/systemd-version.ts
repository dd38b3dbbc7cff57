import { runCommand } from '../commands/run-command.js';
import { isSystemdRunning } from './detect-systemd.js';

/** The oldest that the service is written for. */
export const OLDEST_SYSTEMD = 239;

/** Version of the running systemd, e.g. 252; undefined where another system manager, or none, runs here. */
export async function readSystemdVersion(): Promise<number | undefined> {
  if (!isSystemdRunning()) return undefined;
  const result = await runCommand({ argv: ['systemctl', '--version'] }, { timeoutMs: 5000 });
  const version = /^systemd (\d+)/m.exec(result.output)?.[1];
  return version === undefined ? 0 : Number(version);
}
