import { asyncScheduler } from 'rxjs';
import type { Config } from '../../config/config.js';
import { HandledAlarms } from '../../domain/alarm/handled-alarms.js';
import { Breakers } from '../../state/breakers.js';
import { Pauses } from '../../state/pauses.js';
import { loadStateFile } from '../../state/state-file.js';
import { StateStore } from '../../state/state-store.js';
import { UnconfirmedClears } from '../../state/unconfirmed-clears.js';
import type { Log } from '../../telemetry/log/log.js';
import { OutageLog } from '../../telemetry/messages/outage-log.js';

/** What survives a restart of the service (R11), and who keeps it. */
export interface PersistentState {
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly answered: HandledAlarms;
  readonly unconfirmed: UnconfirmedClears;
  readonly store: StateStore;
}

/** Reads what an earlier run left, and keeps it from then on. Never rejects: without it everything starts afresh. */
export async function openPersistentState(config: () => Config, log: Log): Promise<PersistentState> {
  // A change of its place takes effect at the next start.
  const file = config().monitor.stateFile;
  const saved = await loadStateFile(file, (problem) => log.warn('monitor_service', problem));
  const limits = () => {
    const { maxRestartFailures, circuitResetTimeMs } = config().monitor;
    return { maxFailures: maxRestartFailures, resetTimeMs: circuitResetTimeMs };
  };
  const breakers = new Breakers(limits, asyncScheduler, saved.breakers);
  const pauses = new Pauses(asyncScheduler, saved.pauses);
  const answered = new HandledAlarms(saved.answered);
  // The clear of what was verified may have been written, too late for this to be known.
  const unconfirmed = new UnconfirmedClears(new Map([...saved.verified, ...saved.unconfirmed]));
  pauses.ended.subscribe(({ pause: { processName, by, reason }, byItself }) => {
    const whose = `${processName === undefined ? 'the pause of all processes' : 'the pause'} by ${by}`;
    const why = reason === undefined ? '' : ` (${reason})`;
    if (byItself) log.info(processName ?? 'monitor_service', `${whose}${why} is over`);
  });
  const outage = new OutageLog(log, Date.now);
  const store = new StateStore({
    file,
    breakers,
    pauses,
    answered,
    unconfirmed,
    verified: saved.verified,
    onFailure: (problem) =>
      outage.lost(
        problem,
        `the state file cannot be written: ${problem}; breakers and pauses would not survive a restart`,
      ),
    onSuccess: () => outage.back(() => 'the state file can be written again'),
  });
  return { breakers, pauses, answered, unconfirmed, store };
}
