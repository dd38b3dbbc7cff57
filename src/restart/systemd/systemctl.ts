import { existsSync } from 'node:fs';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { type CommandResult, type RunCommand, runCommand } from '../commands/run-command.js';
import { parseUnitState, UNIT_PROPERTIES, type UnitState } from './unit-state.js';

/** What this service asks of systemd. */
export interface Systemctl {
  /** The state of a unit by full name or alias; of an unknown one too (`loadState` is `not-found`). */
  show(unit: string, signal?: AbortSignal): Promise<UnitState>;
  /** Restarts and waits for the job to end. */
  restart(unit: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult>;
  /** Forgets failure and start limit. What it fails at does not matter: the restart that follows tells. */
  resetFailed(pattern: string): Promise<void>;
  /** Sends every process of a unit a signal; default: SIGKILL. */
  kill(unit: string, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** What only looks. */
export type UnitReader = Pick<Systemctl, 'show'>;

/** One question to systemd. It answers in milliseconds, unless it hangs. */
const ASK_TIMEOUT_MS = 10_000;

/** Whether systemd is the system manager here (what sd_booted(3) looks at). */
export function isSystemdRunning(): boolean {
  return existsSync('/run/systemd/system');
}

/** Talks to systemd. Its functions throw RestartError. */
export function createSystemctl(run: RunCommand = runCommand): Systemctl {
  // `--` before every name: none can be read as an option.
  const systemctl = (args: string[], options: { timeoutMs: number; signal?: AbortSignal }) =>
    run(
      { argv: ['systemctl', '--no-pager', '--no-ask-password', ...args] },
      { ...options, variables: { LC_ALL: 'C', SYSTEMD_COLORS: '0' } },
    );
  const ask = { timeoutMs: ASK_TIMEOUT_MS };

  return {
    async show(unit, signal) {
      const result = await systemctl(['show', `--property=${UNIT_PROPERTIES}`, '--', unit], {
        ...ask,
        ...(signal && { signal }),
      });
      const state =
        result.outcome === 'exited' && result.exitCode === 0 ? parseUnitState(result.output) : undefined;
      if (!state) throw new RestartError(`systemctl show ${unit}: ${describeCommandFailure(result)}`, true);
      return state;
    },
    restart: (unit, options) => systemctl(['restart', '--', unit], options),
    async resetFailed(pattern) {
      await systemctl(['reset-failed', '--', pattern], ask);
    },
    async kill(unit, signal = 'SIGKILL') {
      await systemctl(['kill', `--signal=${signal}`, '--', unit], ask);
    },
  };
}
