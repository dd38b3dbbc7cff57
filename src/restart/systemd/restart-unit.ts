import { RestartError, type RestartReport, type UnitRun } from '../../domain/cycle/restart-target.js';
import { Deadline } from './deadline.js';
import { DESCRIBED_PROPERTIES, describeUnitState } from './describe-unit-state.js';
import type { JobOutcome, JobWait, SystemdClient } from './systemd-client.js';
import type { UnitState } from './unit-properties.js';
import {
  isSelfReporting,
  isUp,
  JUDGED_PROPERTIES,
  type JudgedUnit,
  judgeRestart,
  RUN_PROPERTIES,
  type RunningUnit,
  runsAnew,
} from './unit-verdict.js';
import { waitForState } from './wait-for-state.js';

/** systemd still works on the restart although we stopped waiting. Nothing else may touch the daemon now. */
export class UnitJobPendingError extends RestartError {}

type RunBefore = Pick<UnitState, 'id' | 'invocationId'>;

/** Remembers the restarts whose job went on when we stopped waiting for it, by the unit and its run before them. */
export interface UnfinishedRestarts {
  note(before: RunBefore): void;
  /** Forgets it as well. `since`, ms since the boot: one that was noted before answers no alarm of that time. */
  take(id: string, since?: number): RunBefore | undefined;
}

export type UnitReport = RestartReport & { readonly run: UnitRun };

/** One restart of a unit may be what several targets need: two of its names, or two programs of one supervisor. */
export interface SharedRestarts {
  /**
   * Resolves to the restart that another target has made of this unit, if it runs now, or was begun after `since` and
   * its run is still `invocationId`. Otherwise restarts it. Waits for another target until `deadline` and no longer;
   * undefined if that one has given up sooner, while systemd still works on it.
   *
   * @throws UnitJobPendingError at the deadline
   */
  run(
    id: string,
    asked: {
      readonly by: string;
      readonly since: number;
      readonly invocationId: string;
      readonly deadline: Deadline;
    },
    restart: () => Promise<UnitReport>,
  ): Promise<UnitReport | undefined>;
}

interface RestartWait extends JobWait {
  readonly signal: AbortSignal;
  readonly onBegun?: () => void;
  /** Absent: each restart is the first one. */
  readonly unfinished?: UnfinishedRestarts;
  /** Absent: nobody else restarts it. */
  readonly sharing?: {
    readonly restarts: SharedRestarts;
    /** The target, by its system name. */
    readonly by: string;
    /** A restart that was begun after this time answers the alarm too; ms since the boot. */
    readonly since: number;
  };
}

/**
 * Restarts a unit (R17); `unit` is its full name. Success means that a new run of the unit is up. If systemd still works
 * on an earlier restart of ours, waits for that one: another would undo what the unit has done since. Throws RestartError.
 */
export async function restartUnit(
  systemd: SystemdClient,
  unit: string,
  wait: RestartWait,
): Promise<UnitReport> {
  const deadline = new Deadline(wait);
  let before = await systemd.show(unit, BEFORE_PROPERTIES);
  for (;;) {
    requireRestartable(unit, before);
    const { id, invocationId } = before;
    const restart = restartAlone.bind(undefined, systemd, before, wait, deadline);
    if (!wait.sharing) return restart();
    const { restarts, by, since } = wait.sharing;
    const made = await restarts.run(id, { by, since, invocationId, deadline }, restart);
    if (made) return made;
    // Watched, because what was shown a moment ago may be kept.
    const now = await waitForState(systemd, unit, BEFORE_PROPERTIES, () => true, deadline);
    if (!now) throw pendingError(`systemd still works on the restart of ${id}: ${deadline.reason}`, id);
    before = now;
  }
}

async function restartAlone(
  systemd: SystemdClient,
  before: Pick<UnitState, (typeof BEFORE_PROPERTIES)[number]>,
  wait: RestartWait,
  deadline: Deadline,
): Promise<UnitReport> {
  // By its real name, because reset-failed and other commands do not take an alias.
  const { id } = before;
  const earlier = wait.unfinished?.take(id, before.job === 0 ? wait.sharing?.since : undefined);
  let isSent = false;
  try {
    const late = earlier && (await finishEarlier(systemd, earlier, before.job, deadline));
    if (late) return reportOf(id, late, `${id} has come up by the restart of an earlier attempt`);
    if (before.activeState === 'failed') await systemd.resetFailed(id);
    wait.onBegun?.();
    isSent = true;
    let outcome = await systemd.restart(id, deadline.rest);
    if (outcome.outcome === 'failed' && (await systemd.show(id, ['result'])).result === 'start-limit-hit') {
      await systemd.resetFailed(id);
      outcome = await systemd.restart(id, deadline.rest);
    }
    await requireDone(systemd, id, outcome);
    return reportOf(id, await waitForRun(systemd, before, deadline), `restarted ${id}`);
  } catch (error) {
    // Where the wait for the earlier one broke off, its job goes on as well.
    const goesOn = error instanceof UnitJobPendingError || (earlier && before.job !== 0 && !isSent);
    if (goesOn) wait.unfinished?.note(earlier ?? before);
    throw error;
  }
}

/** The properties that are read before the restart. */
export const BEFORE_PROPERTIES = ['id', 'loadState', 'activeState', 'invocationId', 'job'] as const;

/** Resolves to the run that an earlier restart has begun; to undefined if that restart has failed since. */
async function finishEarlier(
  systemd: SystemdClient,
  earlier: RunBefore,
  job: number,
  deadline: Deadline,
): Promise<RunningUnit | undefined> {
  const { id } = earlier;
  if (job === 0) {
    const now = await systemd.show(id, JUDGED_PROPERTIES);
    return judgeRestart(earlier, now).verdict === 'runs' ? now : undefined;
  }
  const hasEnded = await waitForState(systemd, id, ['job'], (state) => state.job === 0, deadline);
  if (hasEnded) return waitForRun(systemd, earlier, deadline);
  throw pendingError(`systemd still works on the earlier restart of ${id}: ${deadline.reason}`, id);
}

function reportOf(id: string, run: RunningUnit, what: string): UnitReport {
  const { invocationId, nRestarts, mainPid, activeState, subState } = run;
  return {
    strategy: 'service',
    unit: id,
    run: { unit: id, invocationId, nRestarts },
    isSelfReporting: isSelfReporting(run),
    ...(isUp(run) && { seen: { at: performance.now(), state: `${activeState} (${subState})` } }),
    detail: `${what}${mainPid > 0 ? `, main pid ${mainPid}` : ''}`,
  };
}

/** For messages: systemd goes on with the restart of this unit. */
export function pendingError(message: string, id: string): UnitJobPendingError {
  return new UnitJobPendingError(message, true, {
    remedy: `see systemctl status ${id}, or raise restart_timeout`,
  });
}

/** Throws RestartError if systemd cannot start the unit. */
export function requireRestartable(unit: string, state: Pick<UnitState, 'loadState'>): void {
  if (state.loadState === 'loaded') return;
  if (state.loadState === 'not-found') {
    throw new RestartError(`there is no unit ${unit}`, false, {
      remedy: 'set system_name to the name of the unit, or restart_strategy to process',
    });
  }
  if (state.loadState === 'masked') {
    throw new RestartError(`${unit} is masked: systemd may not start it`, false, {
      remedy: `systemctl unmask ${unit}`,
    });
  }
  throw new RestartError(`systemd cannot load ${unit} (${state.loadState})`, false, {
    remedy: `see systemctl status ${unit}`,
  });
}

async function requireDone(systemd: SystemdClient, id: string, outcome: JobOutcome): Promise<void> {
  switch (outcome.outcome) {
    case 'done':
    case 'untold':
      return;
    case 'refused':
      throw new RestartError(
        `systemd does not restart ${id}: ${outcome.error.message}`,
        outcome.error.retryable,
        {
          cause: outcome.error,
          remedy: `see systemctl status ${id}`,
        },
      );
    case 'unfinished':
      throw pendingError(`restart of ${id}: ${outcome.reason}; systemd still works on it`, id);
    case 'failed': {
      const state = describeUnitState(await systemd.show(id, DESCRIBED_PROPERTIES));
      throw new RestartError(`restart of ${id} failed: ${outcome.reason}; it is ${state}`, true, {
        remedy: `see journalctl -u ${id}`,
      });
    }
  }
}

async function waitForRun(
  systemd: SystemdClient,
  before: RunBefore,
  deadline: Deadline,
): Promise<RunningUnit> {
  const { id } = before;
  // Watched, not read, so that the next watcher of the run gets its state without another call.
  const running = await waitForState(systemd, id, RUN_PROPERTIES, () => true, deadline);
  if (running && runsAnew(before, running)) return running;
  const now = await systemd.show(id, JUDGED_PROPERTIES);
  const isStarting = judgeRestart(before, now).verdict === 'wait';
  const after = isStarting ? await waitForVerdict(systemd, before, deadline) : now;
  const verdict = judgeRestart(before, after);
  if (verdict.verdict === 'failed') throw doesNotRun(id, verdict.reason);
  return after;
}

/** Waits for the verdict when the job has ended, or was lost, and the unit is still starting. */
async function waitForVerdict(
  systemd: SystemdClient,
  before: RunBefore,
  deadline: Deadline,
): Promise<JudgedUnit> {
  const isJudged = (state: JudgedUnit): boolean => judgeRestart(before, state).verdict !== 'wait';
  const after = await waitForState(systemd, before.id, JUDGED_PROPERTIES, isJudged, deadline);
  if (after) return after;
  throw new UnitJobPendingError(`${before.id} is still starting: ${deadline.reason}`, true);
}

function doesNotRun(id: string, reason: string): RestartError {
  return new RestartError(`${id} was restarted and does not run: ${reason}`, true, {
    remedy: `see journalctl -u ${id}`,
  });
}
