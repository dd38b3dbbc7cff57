import { asyncScheduler } from 'rxjs';
import type { Config } from '../../config/config.js';
import { AnsweredAlarms } from '../../domain/alarm/handled-alarms.js';
import { Circuits } from '../../state/breakers.js';
import { Pauses } from '../../state/pauses.js';
import { readStateFile } from '../../state/state-file.js';
import { StateKeeper } from '../../state/state-store.js';
import { Unsettled } from '../../state/unconfirmed-clears.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';

/** What survives a restart of the service (R11), and who keeps it. */
export interface State {
  readonly circuits: Circuits;
  readonly pauses: Pauses;
  readonly answered: AnsweredAlarms;
  readonly unsettled: Unsettled;
  readonly keeper: StateKeeper;
}

/** Reads what an earlier run left, and keeps it from then on. Never rejects: without it everything starts afresh. */
export async function openState(config: () => Config, log: Log): Promise<State> {
  // A change of its place takes effect at the next start.
  const file = config().monitor.stateFile;
  const saved = await readStateFile(file, (problem) => log.warn('monitor_service', problem));
  const limits = () => {
    const { maxRestartFailures, circuitResetTimeMs } = config().monitor;
    return { maxFailures: maxRestartFailures, resetTimeMs: circuitResetTimeMs };
  };
  const circuits = new Circuits(limits, asyncScheduler, saved.circuits);
  const pauses = new Pauses(asyncScheduler, saved.pauses);
  const answered = new AnsweredAlarms(saved.answered);
  // The clear of what was verified may have been written, too late for this to be known.
  const unsettled = new Unsettled(new Map([...saved.verified, ...saved.unsettled]));
  pauses.ended.subscribe(({ pause: { processName, by, reason }, byItself }) => {
    const whose = `${processName === undefined ? 'the pause of all processes' : 'the pause'} by ${by}`;
    const why = reason === undefined ? '' : ` (${reason})`;
    if (byItself) log.info(processName ?? 'monitor_service', `${whose}${why} is over`);
  });
  const outage = new OutageLog(log, Date.now);
  const keeper = new StateKeeper({
    file,
    circuits,
    pauses,
    answered,
    unsettled,
    verified: saved.verified,
    onFailure: (problem) =>
      outage.lost(
        problem,
        `the state file cannot be written: ${problem}; breakers and pauses would not survive a restart`,
      ),
    onSuccess: () => outage.back(() => 'the state file can be written again'),
  });
  return { circuits, pauses, answered, unsettled, keeper };
}
