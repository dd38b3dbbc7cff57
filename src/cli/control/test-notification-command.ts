import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';

const HELP = `
The running service sends it, as it sends the events: the command in a unit of its own under systemd, the webhook from the
sandbox of the service. [notify] events, repeat_after and max_per_minute do not hold it back. If the service is not running,
this command sends it itself, with the PATH and the environment of your shell, and says so. Its event is "test".
Exit code: 0 every channel took it, 1 one did not or none is configured, 77 not for this user, 78 the configuration is invalid.

Example:
  sudo monitor_service test-notification`;

export const addTestNotificationCommand: AddCommand = (program, end) => {
  const command = program
    .command('test-notification')
    .description('send one notification by every channel of [notify], and say what came of it');
  addServiceOptions(command)
    .addHelpText('after', HELP)
    .action(async (options: ServiceOptions) => {
      // Loaded only here: what delivers is much code.
      const { testNotification } = await import('./test-notification.js');
      end(await testNotification(options));
    });
};
