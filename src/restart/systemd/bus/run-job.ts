import { ReplaySubject } from 'rxjs';
import type { Deadline } from '../deadline.js';
import { outcomeOfJob } from '../outcome-of-job.js';
import type { JobOutcome } from '../systemd-client.js';
import { NoAnswerError, SystemdRefusal } from './bus-errors.js';
import { MANAGER_INTERFACE, type SystemdCall, type SystemdSession } from './systemd-session.js';

/** The part of a session that is needed to wait for a job. */
export type JobSession = Pick<SystemdSession, 'call' | 'signals'>;

interface JobRemoved {
  readonly path: string;
  readonly result: string;
}

/**
 * Requests a job for a unit and waits for its end. Throws BusLostError if the session ends first; then call
 * `adoptJob` with the next session.
 */
export async function runJob(
  session: JobSession,
  unit: string,
  call: SystemdCall,
  deadline: Deadline,
): Promise<JobOutcome> {
  return listen(session, unit, deadline, async (removals) => {
    let path: unknown;
    try {
      [path] = await session.call(call, Math.max(1, deadline.leftMs));
    } catch (error) {
      if (error instanceof SystemdRefusal) return { outcome: 'refused', error };
      if (error instanceof NoAnswerError) return { outcome: 'unfinished', reason: error.message };
      throw error;
    }
    return resultOf(removals, path);
  });
}

/**
 * Waits for the end of a job that the last session lost. If the answer with its number was lost too, waits for
 * whatever job the unit has.
 */
export async function adoptJob(session: JobSession, unit: string, deadline: Deadline): Promise<JobOutcome> {
  return listen(session, unit, deadline, async (removals) => {
    const [listed] = await session.call({ member: 'ListUnitsByNames', signature: 'as', body: [[unit]] });
    const [path, id] = Array.isArray(listed) && Array.isArray(listed[0]) ? [listed[0][9], listed[0][7]] : [];
    if (typeof id !== 'number' || id === 0) return { outcome: 'untold' };
    return resultOf(removals, path);
  });
}

/** A job may end before the answer that names it, so earlier signals are kept. */
async function listen(
  session: JobSession,
  unit: string,
  deadline: Deadline,
  use: (removals: ReplaySubject<JobRemoved>) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const removals = new ReplaySubject<JobRemoved>();
  const match = { interface: MANAGER_INTERFACE, member: 'JobRemoved', argument: [2, unit] } as const;
  const subscription = session.signals(match).subscribe({
    next: ({ body }) => removals.next({ path: String(body[1]), result: String(body[3]) }),
    error: (error) => removals.error(error),
  });
  try {
    return await deadline.race(use(removals), (reason) => ({ outcome: 'unfinished', reason }));
  } finally {
    subscription.unsubscribe();
  }
}

function resultOf(removals: ReplaySubject<JobRemoved>, path: unknown): Promise<JobOutcome> {
  return new Promise<JobOutcome>((resolve, reject) => {
    removals.subscribe({
      next: (removal) => {
        if (removal.path === path) resolve(outcomeOfJob(removal.result));
      },
      error: reject,
    });
  });
}
