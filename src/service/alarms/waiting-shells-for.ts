import type { Config } from '../../config/config.js';
import type { ShellCounts } from '../../restart/systemd/waiting-shells/waiting-shells.js';

/** Enough for two cycles at once, or for one with a pre-restart command. The health check comes after the command. */
const WAITING_SHELLS: ShellCounts = { command: 2, check: 1 };

/** How many shells wait if systemd runs (R16): none of a kind for which the configuration has no command. */
export function waitingShellsFor({ processes }: Pick<Config, 'processes'>): ShellCounts {
  const all = [processes.defaults, ...processes.byName.values()];
  const haveCommands = all.some(
    ({ restartCommand, preRestartCommand }) => (restartCommand ?? preRestartCommand) !== undefined,
  );
  const haveChecks = all.some(({ healthCheckCommand }) => healthCheckCommand !== undefined);
  return {
    command: haveCommands ? WAITING_SHELLS.command : 0,
    check: haveChecks ? WAITING_SHELLS.check : 0,
  };
}
