import { type AddCommand, addConfigOption, type ConfigOption } from '../shared/command-options.js';

export const addRunCommand: AddCommand = (program, end) => {
  addConfigOption(
    program.command('run').description('run the service in the foreground, as systemd does'),
  ).action(async ({ config }: ConfigOption) => {
    // Loaded only here, so that other commands do not wait for the whole service.
    const { runService } = await import('./run-service.js');
    end(await runService(config));
  });
};
