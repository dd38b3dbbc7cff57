import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { commandEnvironment } from '../commands/command-environment.js';
import type { CommandOutcome, CommandResult } from '../commands/run-command.js';
import { formatShellExports } from '../commands/shell-text.js';
import { commandUnit } from './command-unit.js';
import { Deadline } from './deadline.js';
import { endUnit, type UnitEnd, waitForEnd } from './end-unit.js';
import { readJournal } from './read-journal.js';
import type { ConfigCommandOptions } from './run-config-command.js';
import { runtimeDirectory } from './runtime-directory.js';
import type { JobOutcome, SystemdClient, TransientUnit } from './systemd-client.js';

/** The command could not get a unit. Nothing of it has run. */
export class NoUnitError extends RestartError {}

/**
 * Runs a shell command in its own transient unit and waits for its end. The command is passed in a file that only
 * root can read: as an argument everybody could see it, and its own `pgrep -f` would find it. Throws NoUnitError, or
 * RestartError if systemd cannot tell how it ended.
 */
export async function runInTransientUnit(
  shell: string,
  options: ConfigCommandOptions,
  systemd: SystemdClient,
): Promise<CommandResult> {
  const startedAt = performance.now();
  const directory = await orNoUnit(mkdtemp(join(runtimeDirectory(), 'process-monitor-')));
  try {
    const unit = await orNoUnit(writeUnit(shell, options, directory));
    const outcome = await run(unit, new Deadline(options), systemd, options);
    const succeeded = outcome.outcome === 'exited' && outcome.exitCode === 0;
    const said = outcome.outcome === 'exited' || outcome.outcome === 'killed';
    const output = said && !succeeded ? await readJournal(unit.name) : '';
    return { ...outcome, output, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

async function writeUnit(
  shell: string,
  { of, input, timeoutMs, leftovers, variables }: ConfigCommandOptions,
  directory: string,
): Promise<TransientUnit> {
  const commandFile = join(directory, 'command');
  const environment = { ...commandEnvironment(process.env), ...variables };
  const secret = { mode: 0o600, flag: 'wx' };
  await writeFile(commandFile, `${formatShellExports(environment)}${shell}\n`, secret);
  const inputFile = input === undefined ? undefined : join(directory, 'input');
  if (inputFile !== undefined) await writeFile(inputFile, input ?? '', secret);
  return commandUnit({ ...of, timeoutMs, leftovers, commandFile, inputFile });
}

async function run(
  unit: TransientUnit,
  deadline: Deadline,
  systemd: SystemdClient,
  { timeoutMs, signal, onStart }: ConfigCommandOptions,
): Promise<CommandOutcome> {
  const started = await orNoUnit(systemd.startTransient(unit, deadline.rest));
  await requireStarted(systemd, unit.name, started);
  onStart?.();
  const end = started.outcome === 'unfinished' ? undefined : await waitForEnd(systemd, unit.name, deadline);
  if (end) {
    if (end.activeState === 'failed') await systemd.resetFailed(unit.name);
    return outcomeOf(end, timeoutMs);
  }
  await endUnit(systemd, unit.name);
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
  if (loadState === 'not-found') throw new RestartError(`what became of ${name} cannot be told`, true);
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
    throw new NoUnitError(error instanceof Error ? error.message : String(error), true, { cause: error });
  }
}
