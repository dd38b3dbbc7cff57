import { msSinceBoot } from '../../lib/boot-clock.js';
import type { Deadline } from '../systemd/deadline.js';
import {
  pendingError,
  type SharedRestarts,
  UnitJobPendingError,
  type UnitReport,
} from '../systemd/restart-unit.js';

interface LastRestart {
  readonly by: string;
  /** ms since the boot. */
  readonly begunAt: number;
  readonly report: Promise<UnitReport>;
  /** The run that it has ended. Who asks may have read it just before. */
  readonly before: string;
  /** Absent while it runs. */
  invocationId?: string;
}

/**
 * Keeps the last restart of each unit by its real name. The slots keep two cycles of one system name apart (R8); these
 * have several names and one unit, and the second restart would end what the first one is still proving (R30).
 */
export function shareRestarts(now: () => number = msSinceBoot): SharedRestarts {
  const kept = new Map<string, LastRestart>();
  return {
    async run(id, { by, since, invocationId, deadline }, restart) {
      const last = kept.get(id);
      if (last && last.by !== by) {
        const runs = last.invocationId === undefined;
        const isSince = last.begunAt >= since;
        // Without a run there is nothing that it could have been restarted to.
        const isNew =
          isSince && invocationId !== '' && [last.invocationId, last.before].includes(invocationId);
        if (runs || isNew) return waitFor(id, last, deadline);
      }
      const mine: LastRestart = { by, begunAt: now(), report: restart(), before: invocationId };
      kept.set(id, mine);
      try {
        const report = await mine.report;
        mine.invocationId = report.run.invocationId;
        return report;
      } catch (error) {
        if (kept.get(id) === mine) kept.delete(id);
        throw error;
      }
    },
  };
}

async function waitFor(
  id: string,
  { by, report }: LastRestart,
  deadline: Deadline,
): Promise<UnitReport | undefined> {
  const made = report.then(
    (told) => creditTo(by, told),
    (error: unknown) => {
      // Its own restart_timeout is over, and not that of who waits here.
      if (error instanceof UnitJobPendingError) return undefined;
      throw error;
    },
  );
  const first = await deadline.race<UnitReport | undefined | typeof LATE>(made, () => LATE);
  if (first !== LATE) return first;
  throw pendingError(`systemd still works on the restart of ${id} for ${by}: ${deadline.reason}`, id);
}

const LATE = Symbol('late');

/** Says in the report for which other target the restart was made. */
function creditTo(by: string, report: UnitReport): UnitReport {
  return { ...report, detail: `${report.detail}, for ${by}` };
}
