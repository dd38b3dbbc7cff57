import type { Command } from 'commander';

const DEFAULT_CONFIG_FILE = '/opt/monitor_service/config.ini';

export interface ConfigOption {
  readonly config: string;
}

/** Every command that reads the configuration takes its place by the same option. */
export function addConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file', DEFAULT_CONFIG_FILE);
}

/** Puts one command into the program: its arguments, options and help. Its action tells `end` the exit code. */
export type AddCommand = (program: Command, end: (exitCode: number) => void) => void;

export interface ServiceOptions extends ConfigOption {
  readonly json?: true;
}

/** What every command takes that talks to the running service. */
export function addServiceOptions(command: Command): Command {
  return addConfigOption(command).option('--json', 'print JSON, for scripts');
}
