import { setTimeout as pause } from 'node:timers/promises';
import type { PrivateServer } from '../support/private-server.js';
import type { Site } from './site.js';

const LOOK_EVERY_MS = 250;

/** How many streams of the service they serve now; a server that is down serves none. */
async function countStreams({ database, on }: Site, sources: readonly PrivateServer[]): Promise<number> {
  const counts = await Promise.all(
    sources.map(async (server) => {
      const processes = await on(server, 'SHOW PROCESSLIST').catch(() => []);
      return processes.filter(({ User, Command }) => User === database.user && /dump/i.test(String(Command)))
        .length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Waits until all streams are there. Returns how long that took, ms; undefined if it was in vain.
 */
export async function untilStreams(
  site: Site,
  hosts: number,
  ms: number,
  sources: readonly PrivateServer[] = site.sources,
): Promise<number | undefined> {
  const begun = performance.now();
  while (performance.now() - begun < ms) {
    if ((await countStreams(site, sources)) >= hosts) return performance.now() - begun;
    await pause(LOOK_EVERY_MS);
  }
  return undefined;
}
