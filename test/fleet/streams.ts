import { pause } from './alarms.js';
import type { FleetServers } from './servers.js';

const LOOK_EVERY_MS = 250;

/** How many streams of the service the relays serve now; a relay that is down serves none. */
async function countStreams({ relays, database, on }: FleetServers): Promise<number> {
  const counts = await Promise.all(
    relays.map(async ({ server }) => {
      const processes = await on(server, 'SHOW PROCESSLIST').catch(() => []);
      return processes.filter(({ User, Command }) => User === database.user && /dump/i.test(String(Command)))
        .length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Waits until all streams are there. Returns how long that took, ms; undefined if it was in vain. */
export async function untilStreams(
  servers: FleetServers,
  hosts: number,
  ms: number,
): Promise<number | undefined> {
  const begun = performance.now();
  while (performance.now() - begun < ms) {
    if ((await countStreams(servers)) >= hosts) return performance.now() - begun;
    await pause(LOOK_EVERY_MS);
  }
  return undefined;
}
