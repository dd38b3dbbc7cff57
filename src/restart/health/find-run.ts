import type { RestartReport, RestartTarget, RunInfo } from '../../domain/cycle/restart-target.js';
import type { FindProcesses } from '../processes/find-processes.js';
import type { StartMemory } from '../start/start-memory.js';
import { findOfTarget } from '../strategies/find-of-target.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { isSelfReporting, isUp } from '../systemd/unit-verdict.js';

/**
 * Finds the run that a restart has begun (R30): the run of the unit, or else the processes of that name. Looks once.
 * Rejects if systemd or the processes cannot be read (R27).
 */
export type FindRun = (target: RestartTarget, report: RestartReport) => Promise<RunInfo>;

export function createFindRun(host: {
  /** Undefined if this host has no systemd. */
  readonly systemd: UnitReader | undefined;
  readonly find?: FindProcesses;
  /** How the process was running. A program of the same name of another user is not this process (R29). */
  readonly memory?: StartMemory;
}): FindRun {
  const { systemd, find, memory } = host;
  return async (target, report) => {
    const { systemName } = target;
    if (report.run) return { run: report.run, isSelfReporting: report.isSelfReporting === true };
    const ofUnit = systemd && report.strategy !== 'process' && (await findUnitRun(systemd, systemName));
    if (ofUnit) return ofUnit;
    const { instances } = await findOfTarget(target, memory, find)(systemName);
    const processes = instances.flatMap(({ root, below }) => [root, ...below]).map(identityOf);
    return processes.length > 0
      ? { run: { target, processes }, isSelfReporting: false }
      : { isSelfReporting: false };
  };
}

async function findUnitRun(systemd: UnitReader, systemName: string): Promise<RunInfo | undefined> {
  const state = await systemd.show(unitNameOf(systemName), [
    ...['id', 'loadState', 'activeState', 'type', 'invocationId', 'nRestarts'],
  ] as const);
  if (state.loadState !== 'loaded') return undefined;
  const reports = isSelfReporting(state);
  const { id: unit, invocationId, nRestarts } = state;
  // systemd forgets the run of a oneshot when it ends.
  if (invocationId === '') return { isSelfReporting: reports };
  // The command may have started the program outside its unit, which is dead.
  if (!isUp(state) && !reports) return undefined;
  return { run: { unit, invocationId, nRestarts }, isSelfReporting: reports };
}

function identityOf({ pid, startTime }: { readonly pid: number; readonly startTime: number }) {
  return { pid, startTime };
}
