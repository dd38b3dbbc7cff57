import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { msSinceBoot } from '../../lib/boot-clock.js';
import { commandEnvironment } from '../commands/command-environment.js';
import type { CommandOutcome, CommandResult } from '../commands/run-command.js';
import { formatShellExports } from '../commands/shell-text.js';
import { commandUnit } from './command-unit.js';
import { Deadline } from './deadline.js';
import { endUnit, type UnitEnd, waitForEnd } from './end-unit.js';
import { readJournal } from './read-journal.js';
import type { ConfigCommandOptions } from './run-config-command.js';
import { runtimeDirectory } from './runtime-directory.js';
import type { JobOutcome, SystemdClient } from './systemd-client.js';
import { removeRecord, writeRecord } from './waiting-shells/command-records.js';
import type { WaitingShells } from './waiting-shells/waiting-shells.js';

/** The command could not get a unit. Nothing of it has run. */
export class NoUnitError extends RestartError {}

interface UnitRunner {
  readonly systemd: SystemdClient;
  /** Absent: every command gets a unit made for it. */
  readonly shells?: WaitingShells | undefined;
}

/**
 * Runs a shell command in its own transient unit and waits for its end: in the unit of a waiting shell, or in a new
 * one if no shell waits. The command is passed in a file that only root can read: as an argument everybody could see
 * it, and its own `pgrep -f` would find it. Throws NoUnitError, or RestartError if systemd cannot tell how it ended.
 */
export async function runInTransientUnit(
  shell: string,
  options: ConfigCommandOptions,
  runner: UnitRunner,
): Promise<CommandResult> {
  const startedAt = performance.now();
  const directory = orNoUnitSync(() => mkdtempSync(join(runtimeDirectory(), 'process-monitor-')));
  const files = { commandFile: join(directory, 'command'), inputFile: join(directory, 'input') };
  let unit: string | undefined;
  try {
    orNoUnitSync(() => writeFiles(shell, options, files));
    const deadline = new Deadline(options);
    const begun =
      tellShell(options, files.commandFile, runner) ?? (await startUnit(options, files, deadline, runner));
    unit = begun.unit;
    options.onStart?.();
    const outcome = await awaitEnd(begun, options, deadline, runner.systemd);
    const succeeded = outcome.outcome === 'exited' && outcome.exitCode === 0;
    const said = outcome.outcome === 'exited' || outcome.outcome === 'killed';
    const output = said && !succeeded ? await readJournal(unit) : '';
    return { ...outcome, output, unit, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    if (unit !== undefined) removeRecord(unit);
    runner.shells?.noteActivity();
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

interface CommandFiles {
  readonly commandFile: string;
  readonly inputFile: string;
}

/** Without the thread pool: this is memory, and the command waits for it. */
function writeFiles(
  shell: string,
  { input, variables }: ConfigCommandOptions,
  { commandFile, inputFile }: CommandFiles,
): void {
  const environment = { ...commandEnvironment(process.env), ...variables };
  const secret = { mode: 0o600, flag: 'wx' };
  writeFileSync(commandFile, `${formatShellExports(environment)}${shell}\n`, secret);
  if (input !== undefined) writeFileSync(inputFile, input, secret);
}

/** A command that runs in this unit, or will as soon as systemd has started it (`isPending`). */
interface Begun {
  readonly unit: string;
  readonly isPending: boolean;
}

/** Returns undefined if no shell waits for the command. A waiting shell passes nothing on stdin. */
function tellShell(
  { of, input, leftovers, signal, timeoutMs }: ConfigCommandOptions,
  commandFile: string,
  { shells }: UnitRunner,
): Begun | undefined {
  if (input !== undefined || signal?.aborted) return undefined;
  shells?.noteActivity();
  const kind = leftovers === 'killed' ? 'check' : 'command';
  const unit = shells?.tell(kind, commandFile, { ...of, endsAt: msSinceBoot() + timeoutMs });
  return unit === undefined ? undefined : { unit, isPending: false };
}

async function startUnit(
  { of, input, leftovers, timeoutMs }: ConfigCommandOptions,
  { commandFile, inputFile }: CommandFiles,
  deadline: Deadline,
  { systemd }: UnitRunner,
): Promise<Begun> {
  const unit = commandUnit({
    ...{ ...of, timeoutMs, leftovers, commandFile },
    inputFile: input === undefined ? undefined : inputFile,
  });
  // If the record cannot be written and this run is killed, the next run ends the command.
  writeRecord(unit.name, { ...of, endsAt: msSinceBoot() + deadline.leftMs });
  try {
    const started = await orNoUnit(systemd.startTransient(unit, deadline.rest));
    await requireStarted(systemd, unit.name, started);
    return { unit: unit.name, isPending: started.outcome === 'unfinished' };
  } catch (error) {
    removeRecord(unit.name);
    throw error;
  }
}

async function awaitEnd(
  { unit, isPending }: Begun,
  { timeoutMs, signal }: ConfigCommandOptions,
  deadline: Deadline,
  systemd: SystemdClient,
): Promise<CommandOutcome> {
  const end = isPending ? undefined : await waitForEnd(systemd, unit, deadline);
  if (end) {
    if (end.activeState === 'failed') await systemd.resetFailed(unit);
    return outcomeOf(end, timeoutMs);
  }
  await endUnit(systemd, unit);
  return signal?.aborted
    ? { outcome: 'aborted', survivors: [] }
    : { outcome: 'timed-out', timeoutMs, survivors: [] };
}

async function requireStarted(systemd: SystemdClient, name: string, started: JobOutcome): Promise<void> {
  if (started.outcome === 'refused') throw new NoUnitError(started.error.message, true);
  if (started.outcome === 'failed') throw new NoUnitError(`${name}: ${started.reason}`, true);
  if (started.outcome !== 'untold') return;
  // systemd forgets a unit that ended without an error, so it looks like one that never was.
  const { loadState } = await systemd.show(name, ['loadState']);
  if (loadState === 'not-found') throw new RestartError(`cannot tell how ${name} ended`, true);
}

/** A failed unit stays until it was read. One that is gone has ended with exit code 0. */
function outcomeOf(
  { activeState, result, execMainCode, execMainStatus }: UnitEnd,
  timeoutMs: number,
): CommandOutcome {
  if (result === 'timeout') return { outcome: 'timed-out', timeoutMs, survivors: [] };
  const wasKilled = execMainCode === CLD_KILLED || execMainCode === CLD_DUMPED;
  if (wasKilled) return { outcome: 'killed', signal: signalName(execMainStatus) };
  return { outcome: 'exited', exitCode: activeState === 'failed' ? execMainStatus : 0 };
}

const CLD_KILLED = 2;
const CLD_DUMPED = 3;

function signalName(number: number): NodeJS.Signals {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return (found?.[0] ?? 'SIGKILL') as NodeJS.Signals;
}

async function orNoUnit<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw noUnit(error);
  }
}

function orNoUnitSync<T>(doing: () => T): T {
  try {
    return doing();
  } catch (error) {
    throw noUnit(error);
  }
}

function noUnit(error: unknown): NoUnitError {
  return new NoUnitError(error instanceof Error ? error.message : String(error), true, { cause: error });
}
