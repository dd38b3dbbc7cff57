import type { Host } from '../../support/acceptance/host.js';
import { waitFor } from '../../support/restart/wait-for.js';

/** What ends with the service needs a moment for it. */
const GRACE_MS = 5000;

/** Kills the units of the host that match and still run. Answers their main processes, by the pids that those know. */
export async function endUnits(host: Host, pattern: string): Promise<readonly number[]> {
  const list = async (): Promise<string[]> => {
    const states = '--state=active,activating,deactivating,reloading';
    const text = await host.run('systemctl', 'list-units', '--plain', '--no-legend', states, pattern);
    return text
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((unit) => unit !== '');
  };
  await waitFor('the end of all units', async () => (await list()).length === 0, GRACE_MS).catch(() => {});
  const units = await list();
  if (units.length === 0) return [];
  const pids = await host.run('systemctl', 'show', '--value', '--property=MainPID', ...units);
  await host.exec(['systemctl', 'kill', '--signal=SIGKILL', ...units]);
  return pids
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}
