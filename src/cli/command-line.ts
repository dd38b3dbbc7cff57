import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT_USAGE } from './exit-codes.js';
import { run } from './run.js';

export const DEFAULT_CONFIG_FILE = '/opt/monitor_service/config.ini';

/** Runs the command that argv names; resolves to the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('monitor_service')
    .description('Restarts the processes that a MySQL or MariaDB table puts in alarm')
    .version(readVersion())
    .exitOverride();
  program
    .command('run')
    .description('run the service in the foreground, as systemd does')
    .option('-c, --config <file>', 'configuration file', DEFAULT_CONFIG_FILE)
    .action(async ({ config }: { config: string }) => {
      exitCode = await run(config);
    });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  return exitCode;
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const version = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'version');
  return typeof version === 'string' ? version : 'unknown';
}
