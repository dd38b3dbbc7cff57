import { isPgrepOfName } from '../../domain/cycle/built-in-check.js';
import type { HealthVerdict } from '../../domain/cycle/restart-target.js';

/**
 * Compares the default check of the Bash service, `pgrep %s`, with the built-in check. pgrep also finds longer names
 * and does not know units, so both must agree (R29). Any other command is the word of the administrator. The message
 * names a difference.
 */
export function judgePgrep(byCommand: HealthVerdict, command: string, builtIn: HealthVerdict): HealthVerdict {
  if (byCommand.healthy) {
    if (builtIn.healthy || !isPgrepOfName(command)) return byCommand;
    // No difference is known, only half of an answer (R27).
    if (builtIn.isUnknown) return builtIn;
    const hint = 'pgrep finds other processes whose names contain it; remove health_check_command';
    return { healthy: false, reason: `${builtIn.reason}; ${hint}` };
  }
  if (!builtIn.healthy) return byCommand;
  // First and short: the note of the row has room for no more.
  const isUnit = !builtIn.detail.startsWith('pid ');
  const runs = isUnit ? builtIn.detail.replace(/ \(.*$/, '') : `${builtIn.detail} runs`;
  const instead = isUnit ? ', or write systemctl is-active %s' : '';
  return {
    healthy: false,
    reason: `pgrep fails, but ${runs}: drop health_check_command${instead}; ${byCommand.reason}`,
  };
}
