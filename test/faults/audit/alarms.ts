import type { Commits } from '../raisers/commits.js';
import type { Change } from '../scene/history.js';
import { groupBy } from './group-by.js';

/** One alarm: from the commit that raised it to the one that ended it. Times are ms since the epoch. */
export interface CommittedAlarm {
  readonly processId: number;
  /** It was committed no sooner. */
  readonly raisedAt: number;
  /** `us`: the service put back an alarm that its own clear had overwritten. */
  readonly raisedBy: 'lab' | 'us';
  readonly way: string;
  /** Absent: it stands to the end. */
  readonly end?: AlarmEnd;
  /** What stood in the row last. */
  readonly notes: string | null;
}

interface AlarmEnd {
  /** `us`: cleared by the service; `lab`: taken back by somebody, or its row went. */
  readonly by: 'us' | 'lab';
  /** It was committed no sooner, and no later. */
  readonly from: number;
  readonly to: number;
  /** False where the answer to the commit never came: `to` is then a mere limit. */
  readonly isConfirmed: boolean;
}

/** Where the confirmation of a commit never came: no statement of the lab waits longer for a lock, ms. */
const LONGEST_WAIT_MS = 6000;

/**
 * The alarms of one history. What counts of a transaction is its net effect: an alarm that stands before it and after
 * it is the same alarm, whatever happened to the row in between, since nobody else could see that.
 */
export function findAlarms(
  history: readonly Change[],
  commits: Pick<Commits, 'get'>,
): readonly CommittedAlarm[] {
  const alarms: CommittedAlarm[] = [];
  for (const changes of byProcess(history)) {
    let standing: CommittedAlarm | undefined;
    for (const transaction of byTransaction(changes)) {
      const { processId, at, is, notes, commit } = transaction;
      const known = commits.get(commit);
      if (is === 1 && !standing) {
        standing = {
          processId,
          raisedAt: Math.max(at, known?.from ?? 0),
          raisedBy: commit === null ? 'us' : 'lab',
          way: known?.way ?? 'by the service',
          notes,
        };
      } else if (is === 1 && standing) standing = { ...standing, notes };
      else if (standing) {
        const to = commit === null ? at : known?.to;
        alarms.push({
          ...standing,
          end: {
            by: commit === null ? 'us' : 'lab',
            from: at,
            to: to ?? at + LONGEST_WAIT_MS,
            isConfirmed: to !== undefined,
          },
        });
        standing = undefined;
      }
    }
    if (standing) alarms.push(standing);
  }
  return alarms;
}

function byProcess(history: readonly Change[]): readonly (readonly Change[])[] {
  const processes = [...groupBy(history, ({ processId }) => processId).values()];
  return processes.map((changes) => changes.toSorted((a, b) => a.place - b.place));
}

/** The last change of each transaction, which tells its net effect. Its rows stand together: it holds their lock. */
function byTransaction(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ commit }, index) => commit === null || changes[index + 1]?.commit !== commit);
}
