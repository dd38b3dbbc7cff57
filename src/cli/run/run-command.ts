import { type AddCommand, addConfigOption, type ConfigOption } from '../shared/command-options.js';

export const addRunCommand: AddCommand = (program, end) => {
  addConfigOption(
    program.command('run').description('run the service in the foreground, as systemd does'),
  ).action(async ({ config }: ConfigOption) => {
    // The whole service: no other command has to wait until it is loaded.
    const { run } = await import('./daemon.js');
    end(await run(config));
  });
};
