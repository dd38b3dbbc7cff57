import type { Command } from 'commander';
import { addConfigOption, type ConfigOption } from './config-option.js';

export interface ServiceOptions extends ConfigOption {
  readonly json?: true;
}

/** What every command takes that talks to the running service. */
export function addServiceOptions(command: Command): Command {
  return addConfigOption(command).option('--json', 'print JSON, for scripts');
}
