import { InvalidArgumentError } from 'commander';
import { type AddCommand, addServiceOptions } from '../shared/command-options.js';
import { parseSince } from './parse-since.js';
import { type HistoryOptions, showHistory } from './show-history.js';

export const addHistoryCommand: AddCommand = (program, end) => {
  addServiceOptions(
    program
      .command('history')
      .description('show past cycles, the latest last; needs neither service nor database')
      .argument('[process]', 'the process, as in PROCESE, or its process_id'),
  )
    .option('--since <time>', 'only cycles since then: 30m, 2h, 1d, 2026-11-22, 2026-11-22T13:04', (text) =>
      parseSince(text, Date.now()),
    )
    .option('--limit <count>', 'how many cycles at most (default: 50; with --json all)', parseLimit)
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: HistoryOptions) =>
      end(await showHistory(name, options)),
    );
};

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number from 1 to 9999999.');
}

const HELP = `
--json prints one object a line, as in history_file. Reaction: from seeing the alarm until its restart began
(the command ran, or systemd had its job); duration: to the verdict.
Exit code: 0 also if there are none, 64 wrong arguments, 77 not for this user, 78 the configuration is invalid.

Examples:
  sudo monitor_service history --since 1d
  sudo monitor_service history httpd --limit 5
  sudo monitor_service history --json | jq 'select(.verdict == "failed")'`;
