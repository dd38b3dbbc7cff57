import { waitFor } from '../restart/wait-for.js';
import type { Host } from './host.js';

export const SHELL_UNIT = /^process-monitor-command-shell-[0-9a-f]{8}\.service$/;
const CHECK_SHELL_UNIT = /^process-monitor-command-check-shell-[0-9a-f]{8}\.service$/;

/** The transient units of the service, sorted by name. */
export async function transientUnits(host: Host): Promise<string[]> {
  const text = await host.sh("systemctl list-units --all --plain --no-legend 'process-monitor-*'");
  const names = text.split('\n').map((line) => line.split(' ')[0] ?? '');
  return names.filter((name) => name !== '').sort();
}

/** Waits until no other transient unit is there than those of the shells that wait, one for health checks and two others. */
export async function untilShellsWait(host: Host): Promise<string[]> {
  let last: string[] = [];
  const waiting = waitFor('three shells that wait, and nothing else', async () => {
    last = await transientUnits(host);
    const [check = '', ...others] = last;
    return (
      others.length === 2 &&
      CHECK_SHELL_UNIT.test(check) &&
      others.every((unit) => SHELL_UNIT.test(unit)) &&
      last
    );
  });
  return waiting.catch((error) => {
    throw new Error(`${String(error)}: ${last.join(', ')}`);
  });
}

/** As an administrator may: the service has not been told. */
export async function stopShells(host: Host): Promise<void> {
  await untilShellsWait(host);
  await host.sh("systemctl stop 'process-monitor-command-shell-*' 'process-monitor-command-check-shell-*'");
}
