import { msSinceBoot } from '../../lib/boot-clock.js';
import { Deadline } from './deadline.js';
import { endUnit, waitForEnd } from './end-unit.js';
import type { SystemdClient } from './systemd-client.js';
import { COMMAND_UNITS, isShellUnit, parseCommandUnitName } from './transient-name.js';
import { readRecords, removeRecord } from './waiting-shells/command-records.js';

/** Which command an earlier run of this service has left, and of which process. */
interface CommandOf {
  readonly systemName: string;
  readonly step: string;
}

/** A command that may go on until its original deadline. */
export interface LeftoverCommand extends CommandOf {
  readonly unit: string;
  readonly leftMs: number;
}

/**
 * Looks for commands that an earlier run of this service left running (R31): when it was killed they went on in their
 * units. Ends health checks, commands with an unknown deadline, and shells that still wait. Returns the other
 * commands, which may go on: to cut off a restart in the middle is worse than to wait for it. Daemons that a command
 * has started keep running: the unit of a command that has ended is inactive, whatever still runs in it.
 * Notifications finish by themselves. Calls `onEnded` for each command that was ended. Throws RestartError if systemd
 * cannot be reached.
 */
export async function endLeftoverCommands(
  systemd: SystemdClient,
  onEnded: (command: CommandOf) => void,
): Promise<readonly LeftoverCommand[]> {
  const units = await systemd.list(COMMAND_UNITS);
  const running = units.filter(({ activeState }) => activeState !== 'inactive' && activeState !== 'failed');
  // No run of the service saw how it ended.
  const failed = units.filter(({ activeState }) => activeState === 'failed');
  await Promise.all(failed.map(({ id }) => systemd.resetFailed(id)));
  const records = readRecords();
  for (const unit of records.keys()) if (!running.some(({ id }) => id === unit)) removeRecord(unit);
  const leftovers = running.map(async ({ id }): Promise<LeftoverCommand[]> => {
    const record = records.get(id);
    if (record && (record.step === 'restart' || record.step === 'pre-restart')) {
      const { systemName, step, endsAt } = record;
      return [{ unit: id, systemName, step, leftMs: Math.max(0, endsAt - msSinceBoot()) }];
    }
    const command = record ?? parseCommandUnitName(id);
    if (command?.step !== 'notify' && (command || isShellUnit(id))) {
      await endUnit(systemd, id);
      removeRecord(id);
      if (command) onEnded(command);
    }
    return [];
  });
  return (await Promise.all(leftovers)).flat();
}

/** Waits for its end, and ends it at its deadline: true. An abort leaves it, with its record, to the next run. */
export async function awaitLeftover(
  systemd: SystemdClient,
  { unit, leftMs }: LeftoverCommand,
  signal: AbortSignal,
): Promise<boolean> {
  const end = await waitForEnd(systemd, unit, new Deadline({ timeoutMs: leftMs, signal }));
  if (!end && signal.aborted) return false;
  if (!end) await endUnit(systemd, unit);
  else if (end.activeState === 'failed') await systemd.resetFailed(unit);
  removeRecord(unit);
  return !end;
}
