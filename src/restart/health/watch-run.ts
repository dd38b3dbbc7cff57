import { concatMap, exhaustMap, filter, map, merge, type Observable, take, throwError, timer } from 'rxjs';
import {
  type ProcessRun,
  RestartError,
  type RunInfo,
  type UnitRun,
} from '../../domain/cycle/restart-target.js';
import type { FindProcesses } from '../processes/find-processes.js';
import type { ProcessIdentity } from '../processes/process-info.js';
import { readIfAlive } from '../processes/procfs.js';
import type { StartMemory } from '../start/start-memory.js';
import { findOfTarget } from '../strategies/find-of-target.js';
import { lastLineOfRun } from '../systemd/diagnosis/unit-journal.js';
import { endOfRun } from '../systemd/end-of-run.js';
import type { SystemdClient } from '../systemd/systemd-client.js';

/**
 * Emits once: the reason why this run has ended, or undefined if it is still the same after `forMs` (R30). Errors if
 * that cannot be determined (R27). An unknown run never ends.
 */
export type WatchRun = (run: RunInfo['run'], forMs: number) => Observable<string | undefined>;

/**
 * How often to look, in ms. The kernel does not report the end of a process that is not our child. One look takes
 * some ten microseconds.
 */
const LOOK_AGAIN_MS = 50;
/** A program that daemonizes itself does so within this time after its start, in clock ticks of 10 ms. */
const DAEMONIZE_TICKS = 20;

/** `memory`: how processes were running. A program of the same name of another user is not the daemon (R29). */
export function createWatchRun(systemd: SystemdClient | undefined, memory?: StartMemory): WatchRun {
  return (run, forMs) => {
    const isOver = timer(forMs);
    if (run === undefined) return isOver.pipe(map(() => undefined));
    if ('processes' in run) {
      const look = createLook(run, findOfTarget(run.target, memory));
      const ended = timer(0, LOOK_AGAIN_MS).pipe(
        exhaustMap(look),
        filter((why) => why !== undefined),
      );
      return merge(ended, isOver.pipe(exhaustMap(look))).pipe(take(1));
    }
    if (!systemd) return throwError(() => new RestartError(`cannot watch ${run.unit} without systemd`, true));
    const ended = endOfRun(systemd, run).pipe(concatMap((why) => explainEnd(systemd, run, why)));
    return merge(ended, isOver.pipe(map(() => undefined))).pipe(take(1));
  };
}

/** What a daemon says before it gives up is why. */
async function explainEnd(systemd: SystemdClient, run: UnitRun, why: string): Promise<string> {
  const { unit } = run;
  const line = await systemd.show(unit, ['execMainStartTimestamp']).then(
    ({ execMainStartTimestamp }) => lastLineOfRun({ ...run, begunAt: execMainStartTimestamp }),
    () => '',
  );
  return `${unit}: ${line === '' ? '' : `${line}; `}${why}; see journalctl -u ${unit}`;
}

/** Looks once: why the run has ended, or undefined while one of its processes lives. */
export function createLook(
  { target, processes }: ProcessRun,
  find: FindProcesses,
): () => Promise<string | undefined> {
  let known: readonly ProcessIdentity[] = processes;
  let hasBecomeDaemon = false;
  return async () => {
    if (known.some(isAlive)) return undefined;
    const { instances } = await find(target.systemName);
    const newest = Math.max(...known.map(({ startTime }) => startTime));
    // What was there before it is another program of that name.
    const later = instances
      .flatMap(({ root, below }) => [root, ...below])
      .filter(({ startTime }) => startTime >= newest);
    // A process that it forked just after its start, and then left, is the daemon. If that happens a second time it
    // is another run.
    if (!hasBecomeDaemon && later.some(({ startTime }) => startTime - newest <= DAEMONIZE_TICKS)) {
      hasBecomeDaemon = true;
      known = later;
      return undefined;
    }
    const pids = known.map(({ pid }) => pid).join(', ');
    const now = later.map(({ pid }) => pid).join(', ');
    return `pid ${pids} has ended${now === '' ? '' : `, pid ${now} was started in its place`}`;
  };
}

function isAlive(identity: ProcessIdentity): boolean {
  return readIfAlive(identity) !== undefined;
}
