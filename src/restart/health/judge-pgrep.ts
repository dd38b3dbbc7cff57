import type { HealthVerdict } from '../../domain/cycle/restart-target.js';

/**
 * pgrep also finds a longer name, and knows no unit (R29). A command is the administrator's word; where it is no more than
 * the default of the Bash service, the built-in check must agree. A difference is told either way.
 */
export function judgePgrep(byCommand: HealthVerdict, command: string, builtIn: HealthVerdict): HealthVerdict {
  if (byCommand.healthy) {
    if (builtIn.healthy || command.trim() !== 'pgrep %s') return byCommand;
    const hint = 'pgrep finds other processes whose names hold it, leave health_check_command out';
    return { healthy: false, reason: `${builtIn.reason}; ${hint}` };
  }
  if (!builtIn.healthy) return byCommand;
  const hint = `yet ${builtIn.detail}: leave health_check_command out, or write systemctl is-active %s`;
  return { healthy: false, reason: `${byCommand.reason}; ${hint}` };
}
