import { firstValueFrom } from 'rxjs';
import { msSinceBoot } from '../../lib/boot-clock.js';
import { Deadline } from './deadline.js';
import { endUnit, waitForEnd } from './end-unit.js';
import type { SystemdClient } from './systemd-client.js';
import { COMMAND_UNITS, type CommandStep, isShellUnit, parseCommandUnitName } from './transient-name.js';
import { type CommandRecord, readRecords, removeRecord } from './waiting-shells/command-records.js';

/** Which command an earlier run of this service has left, and of which process. */
interface CommandOf {
  readonly systemName: string;
  readonly step: string;
}

/** A command that may go on until its original deadline. */
export interface LeftoverCommand extends CommandOf {
  readonly unit: string;
  readonly leftMs: number;
  /** Whether systemd has said that it runs. Otherwise that cannot be told yet (R27). */
  readonly isSeen: boolean;
}

/** Who is told of the commands. */
interface LeftoverListener {
  /** For each command that may go on, before anything is ended. */
  readonly onRuns: (command: LeftoverCommand) => void;
  readonly onEnded: (command: CommandOf) => void;
  /** For each unit that could not be ended. The other units are not concerned. */
  readonly onFailed: (unit: string, error: unknown) => void;
}

/** Nothing is told twice, so who was to be told would not be. They touch no process, and their units have a deadline. */
const ENDS_BY_ITSELF: ReadonlySet<string> = new Set(['notify', 'escalation'] satisfies CommandStep[]);

/** How long to wait before a systemd that gave no answer is asked again, ms. */
const ASK_AGAIN_MS = 1000;

/**
 * Looks for commands that an earlier run of this service left running (R31): when it was killed they went on in their
 * units. Tells of restarts and pre-restart commands, which may go on: to cut off a restart in the middle is worse than to
 * wait for it. Then ends health checks, commands with an unknown deadline, and shells that still wait. Daemons that a
 * command has started keep running: the unit of a command that has ended is inactive, whatever still runs in it.
 * Notifications and escalations finish by themselves. Throws RestartError if systemd cannot be reached: then every
 * recorded command may go on.
 */
export async function endLeftoverCommands(
  systemd: SystemdClient,
  { onRuns, onEnded, onFailed }: LeftoverListener,
): Promise<void> {
  const records = readRecords();
  const units = await systemd.list(COMMAND_UNITS).catch((error: unknown) => {
    for (const [unit, record] of records) {
      if (mayGoOn(record) && leftMsOf(record) > 0) onRuns(toLeftover(unit, record, false));
    }
    throw error;
  });
  const running = units.filter(({ activeState }) => activeState !== 'inactive' && activeState !== 'failed');
  // No run of the service saw how it ended.
  const failed = units.filter(({ activeState }) => activeState === 'failed');
  for (const unit of records.keys()) if (!running.some(({ id }) => id === unit)) removeRecord(unit);
  for (const { id } of running) {
    const record = records.get(id);
    if (mayGoOn(record)) onRuns(toLeftover(id, record, true));
  }
  const end = async (id: string): Promise<void> => {
    const command = records.get(id) ?? parseCommandUnitName(id);
    if ((command && ENDS_BY_ITSELF.has(command.step)) || (!command && !isShellUnit(id))) return;
    await endUnit(systemd, id);
    removeRecord(id);
    if (command) onEnded(command);
  };
  const toEnd = running.filter(({ id }) => !mayGoOn(records.get(id)));
  await Promise.all([
    ...failed.map(({ id }) => systemd.resetFailed(id).catch((error) => onFailed(id, error))),
    ...toEnd.map(({ id }) => end(id).catch((error) => onFailed(id, error))),
  ]);
}

/**
 * Waits for its end, and ends it at its deadline: true. An abort leaves it, with its record, to the next run. A systemd
 * that gives no answer is asked again until the deadline (R27). Throws RestartError if it gives none then either.
 */
export async function awaitLeftover(
  systemd: SystemdClient,
  { unit, leftMs }: LeftoverCommand,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = new Deadline({ timeoutMs: leftMs, signal });
  for (;;) {
    try {
      const end = await waitForEnd(systemd, unit, deadline);
      if (!end && signal.aborted) return false;
      if (!end) await endUnit(systemd, unit);
      else if (end.activeState === 'failed') await systemd.resetFailed(unit);
      removeRecord(unit);
      return !end;
    } catch (error) {
      if (signal.aborted) return false;
      if (deadline.over !== undefined) throw error;
      await firstValueFrom(new Deadline({ timeoutMs: Math.min(ASK_AGAIN_MS, deadline.leftMs), signal }).ends);
    }
  }
}

function mayGoOn(record: CommandRecord | undefined): record is CommandRecord {
  return record?.step === 'restart' || record?.step === 'pre-restart';
}

function toLeftover(unit: string, record: CommandRecord, isSeen: boolean): LeftoverCommand {
  const { systemName, step } = record;
  return { unit, systemName, step, leftMs: leftMsOf(record), isSeen };
}

function leftMsOf({ endsAt }: CommandRecord): number {
  return Math.max(0, endsAt - msSinceBoot());
}
