import type { ProcessSettings } from './process-settings.js';

/** Whether the command is the default check of the Bash service. The built-in check must agree with it (R29). */
export function isPgrepOfName(command: string): boolean {
  return command.trim() === 'pgrep %s';
}

/**
 * Whether the verdict is that of the built-in check, which asks systemd and /proc. If these give no answer, that says
 * nothing of the process (R27). If a command, a URL or a port of the administrator gives none, the process is unhealthy.
 */
export function dependsOnBuiltIn(
  settings: Pick<ProcessSettings, 'healthCheckCommand' | 'healthCheckUrl' | 'healthCheckPort'>,
): boolean {
  const { healthCheckCommand, healthCheckUrl, healthCheckPort } = settings;
  if (healthCheckUrl !== undefined || healthCheckPort !== undefined) return false;
  return healthCheckCommand === undefined || isPgrepOfName(healthCheckCommand);
}
