import type { AddCommand } from './add-command.js';
import { addConfigOption, type ConfigOption } from './config-option.js';
import { run } from './run.js';

export const addRunCommand: AddCommand = (program, end) => {
  addConfigOption(
    program.command('run').description('run the service in the foreground, as systemd does'),
  ).action(async ({ config }: ConfigOption) => end(await run(config)));
};
