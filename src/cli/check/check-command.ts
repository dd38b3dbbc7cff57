import { type AddCommand, addConfigOption, type ConfigOption } from '../shared/command-options.js';

interface CheckCommandOptions extends ConfigOption {
  readonly dryRun?: string;
  readonly health: boolean;
  readonly json: boolean;
}

export const addCheckCommand: AddCommand = (program, end) => {
  addConfigOption(
    program
      .command('check')
      .description('check whether this host, the database and every process are ready; changes nothing'),
  )
    .option('--dry-run <name>', 'show step by step what an alarm of this process would do, and do nothing')
    .option('--no-health', 'skip the health checks')
    .option('--json', 'for scripts', false)
    .addHelpText('after', HELP)
    .action(async ({ dryRun, ...options }: CheckCommandOptions) => {
      // Loaded only here, so that other commands do not wait for the database client.
      const [{ runCheck }, { runDryRun }] = await Promise.all([
        import('./run-check.js'),
        import('./dry-run/run-dry-run.js'),
      ]);
      end(dryRun === undefined ? await runCheck(options) : await runDryRun(dryRun, options));
    });
};

const HELP = `
Exit code: 0 all is well or there are warnings, 1 something is missing, 64 wrong arguments,
77 not for this user, 78 the configuration is invalid. With --dry-run: 0 the alarm would be handled, 1 it would not.

Examples:
  sudo monitor_service check
  sudo monitor_service check --json | jq '.sections[].findings[] | select(.level == "fault")'
  sudo monitor_service check --dry-run httpd`;
