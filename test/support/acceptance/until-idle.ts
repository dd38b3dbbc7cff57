import { waitFor } from '../restart/wait-for.js';
import type { Host } from './host.js';

/** Waits until no cycle runs: a raise that comes before the last one of its process has ended gets a health check first (R7). */
export async function untilIdle(host: Host): Promise<void> {
  await waitFor('the end of all cycles', async () => {
    const { cycles } = JSON.parse(await host.run('monitor_service', 'status', '--json'));
    return cycles.length === 0;
  });
}
