import { type Beat, isAsNew } from '../../../domain/alarm/relay-freshness.js';
import type { Database } from '../../connection/database.js';
import type { NameSource } from '../names/name-source.js';
import { readBeat } from './heartbeat.js';

/**
 * The names of the primary, for the stream of a relay, whose own tables may be empty (BLACKHOLE). A beat that the primary
 * counts after the reading comes through the stream behind everything that the reading saw.
 */
export function namesOfPrimary(
  database: Pick<Database, 'use'>,
  lastBeat: () => Beat | undefined,
): NameSource {
  return {
    use: (work) => database.use(work),
    async noteProgress() {
      const beat = await database.use((connection) => readBeat(connection));
      return () => {
        const shown = lastBeat();
        return shown !== undefined && isAsNew(shown, { ...beat, count: beat.count + 1 });
      };
    },
  };
}
