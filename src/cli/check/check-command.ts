import { type AddCommand, addConfigOption, type ConfigOption } from '../shared/command-options.js';

interface CheckCommandOptions extends ConfigOption {
  readonly dryRun?: string;
  readonly configOnly?: true;
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
    .option(
      '--config-only',
      'check the file, and this host as far as the file names it; asks no database and no network',
    )
    .option('--no-health', 'skip the health checks')
    .option('--json', 'for scripts', false)
    .addHelpText('after', HELP)
    .action(async ({ dryRun, configOnly, ...options }: CheckCommandOptions) => {
      if (configOnly && dryRun !== undefined) program.error('error: only one of --config-only and --dry-run');
      // Loaded only here, so that other commands do not wait for the database client.
      const [{ runCheck }, { runDryRun }] = await Promise.all([
        import('./run-check.js'),
        import('./dry-run/run-dry-run.js'),
      ]);
      end(
        dryRun === undefined
          ? await runCheck({ ...options, configOnly: configOnly === true })
          : await runDryRun(dryRun, options),
      );
    });
};

const HELP = `
Exit code: 0 all is well or there are warnings, 1 something is missing, 64 wrong arguments,
77 not for this user, 78 the configuration is invalid. With --dry-run: 0 the alarm would be handled, 1 it would not.
With --config-only: 0 or 78. The file may be for another host: what this one lacks is a warning, and files with
passwords, users and certificates need not be here.

Examples:
  sudo monitor_service check
  sudo monitor_service check --json | jq '.sections[].findings[] | select(.level == "fault")'
  sudo monitor_service check --dry-run httpd
  monitor_service check --config-only --config hosts/web01/config.ini`;
