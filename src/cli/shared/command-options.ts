import type { Command } from 'commander';

const DEFAULT_CONFIG_FILE = '/opt/monitor_service/config.ini';

export interface ConfigOption {
  readonly config: string;
}

/** Adds the option for the path of the configuration file; all commands that read it use this one. */
export function addConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file', DEFAULT_CONFIG_FILE);
}

/** Adds one command to the program: its arguments, options and help. Its action passes the exit code to `end`. */
export type AddCommand = (program: Command, end: (exitCode: number) => void) => void;

export interface ServiceOptions extends ConfigOption {
  readonly json?: true;
}

/** Adds the options of every command that talks to the running service. */
export function addServiceOptions(command: Command): Command {
  return addConfigOption(command).option('--json', 'print JSON, for scripts');
}
