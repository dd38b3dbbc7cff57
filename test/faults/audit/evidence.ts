import type { Commits } from '../raisers/commits.js';
import type { Renames } from '../raisers/renamer.js';
import type { Pause } from '../scene/daemon-keeper.js';
import type { Change } from '../scene/history.js';
import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';

/** All that the audit judges by. Times are ms since the epoch, of one clock. */
export interface Evidence {
  readonly members: readonly Member[];
  readonly history: readonly Change[];
  /** Processes whose alarm stands at the end. */
  readonly standing: ReadonlySet<number>;
  readonly commits: Pick<Commits, 'get' | 'all'>;
  readonly runs: readonly Run[];
  /** What the processes were called that are renamed all the time. */
  readonly renames: Renames;
  /** When the daemon did not run, or the daemon or the server stood still. */
  readonly pauses: readonly Pause[];
  /** Lines of the daemon's log. */
  readonly log: readonly string[];
  readonly maxParallel: number;
  /** How long an attempt goes on checking, ms. */
  readonly verifyMs: number;
  /** What the service had too much of at the end, or left behind. */
  readonly leftBehind: readonly string[];
  /** Lines on stderr in which mysql2 tells of a connection that the server ended. */
  readonly idleConnectionsEnded: number;
}
