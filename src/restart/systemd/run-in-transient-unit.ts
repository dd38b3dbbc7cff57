import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../commands/command-environment.js';
import type { CommandResult, RunCommand, RunOptions } from '../commands/run-command.js';
import { formatShellExports } from '../commands/shell-text.js';
import { runtimeDirectory } from './runtime-directory.js';
import type { Systemctl } from './systemctl.js';
import { transientName } from './transient-name.js';

/** SIGTERM has this long before SIGKILL. */
const TERM_GRACE_MS = 2000;
const LOOK_AGAIN_MS = 50;
/** Should we be killed, systemd itself ends the command this long after its deadline. */
const BACKSTOP_MS = 10_000;

/**
 * Runs a shell command in a transient unit of its own and waits for its end; never rejects. The command is handed over
 * in a file that only root can read: as an argument it would be seen, and found by its own `pgrep -f`.
 */
export async function runInTransientUnit(
  shell: string,
  options: Omit<RunOptions, 'env' | 'cwd'>,
  systemctl: Systemctl,
  run: RunCommand,
): Promise<CommandResult> {
  const startedAt = performance.now();
  let directory: string | undefined;
  try {
    directory = await mkdtemp(join(runtimeDirectory(), 'process-monitor-'));
    const file = join(directory, 'command');
    const environment = { ...childEnvironment(process.env), ...options.variables };
    const text = `${formatShellExports(environment)}${shell}\n`;
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    const unit = transientName('command');
    const argv = ['systemd-run', ...unitArguments(unit, options), '--', '/bin/sh', file] as const;
    const result = await run({ argv }, { timeoutMs: options.timeoutMs, ...handedOn(options) });
    if (result.outcome === 'timed-out' || result.outcome === 'aborted') await endUnit(unit, systemctl);
    return result;
  } catch (error) {
    const durationMs = Math.round(performance.now() - startedAt);
    const cause = error instanceof Error ? error : new Error(String(error));
    return { outcome: 'not-started', error: cause, output: '', durationMs };
  } finally {
    if (directory) await rm(directory, { recursive: true, force: true });
  }
}

function unitArguments(unit: string, { timeoutMs, leftovers }: RunOptions): string[] {
  const properties = [
    // A daemon that the command leaves behind lives on; a health check has nothing to leave behind.
    `KillMode=${leftovers === 'killed' ? 'control-group' : 'process'}`,
    `TimeoutStopSec=${TERM_GRACE_MS}ms`,
    `RuntimeMaxSec=${timeoutMs + BACKSTOP_MS}ms`,
    // A check a second is not worth two lines of the journal each.
    'LogLevelMax=notice',
  ];
  return [
    '--quiet',
    '--no-ask-password',
    '--wait',
    '--pipe',
    '--collect',
    `--unit=${unit}`,
    '--description=Command of the process monitor service',
    ...properties.flatMap((property) => ['-p', property]),
  ];
}

/** What systemd-run is given: its stdin is that of the unit. */
function handedOn({ signal, input }: RunOptions): Pick<RunOptions, 'signal' | 'input'> {
  return { ...(signal ? { signal } : {}), ...(input === undefined ? {} : { input }) };
}

/** systemd-run has been killed, but the unit goes on without it. Nothing of it survives (R16). */
async function endUnit(unit: string, systemctl: Systemctl): Promise<void> {
  try {
    await systemctl.kill(unit, 'SIGTERM');
    const deadline = performance.now() + TERM_GRACE_MS;
    while (performance.now() < deadline) {
      const { activeState } = await systemctl.show(unit);
      if (activeState !== 'active' && activeState !== 'deactivating') break;
      await delay(LOOK_AGAIN_MS);
    }
  } finally {
    // Also where the first process is gone: those that it started need not be.
    await systemctl.kill(unit, 'SIGKILL');
  }
}
