import type { Command } from 'commander';

export const DEFAULT_CONFIG_FILE = '/opt/monitor_service/config.ini';

export interface ConfigOption {
  readonly config: string;
}

/** Every command that reads the configuration takes its place by the same option. */
export function addConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file', DEFAULT_CONFIG_FILE);
}
