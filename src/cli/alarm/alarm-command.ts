import { type Command, InvalidArgumentError } from 'commander';
import { planClear, planRaise } from '../../service/admin/plan-alarm-change.js';
import { type AddCommand, addServiceOptions } from '../shared/command-options.js';
import { type ChangeOptions, changeAlarms } from './change-alarms.js';
import { type ListOptions, listAlarms } from './list-alarms.js';

/** Adds `alarm`: shows, raises and clears alarms in the table, with or without a running service. */
export const addAlarmCommand: AddCommand = (program, end) => {
  const alarm = program
    .command('alarm')
    .description('show, raise and clear alarms: rows of STATUS_PROCESS')
    .addHelpText('after', HELP);
  addServiceOptions(alarm.command('list').description('show all processes and their alarms'))
    .option('--standing', 'only the raised alarms')
    .action(async (options: ListOptions) => end(await listAlarms(options)));
  addChange(alarm, end, 'raise', 'raise the alarms of processes, as any tool would', planRaise);
  addChange(alarm, end, 'clear', 'clear alarms; a cycle that has not begun will not begin', planClear);
};

function addChange(
  alarm: Command,
  end: (exitCode: number) => void,
  name: string,
  description: string,
  plan: typeof planRaise,
): void {
  const command = alarm
    .command(name)
    .description(description)
    .argument('[process...]', 'names as in PROCESE, or process_ids')
    .option('--all', 'all of them, in one transaction')
    .option('--note <text>', 'written to the notes of the rows', parseNote);
  addServiceOptions(command)
    .addHelpText('after', WHICH)
    .action(
      async (names: string[], { all, note, ...options }: ChangeOptions & { all?: true; note?: string }) => {
        if ((names.length === 0) === (all === undefined)) {
          command.error('error: either names or process_ids are needed, or --all');
        }
        end(await changeAlarms(plan, { names: all ? 'all' : names, note }, options));
      },
    );
}

/** Checks the characters of a note. Its length is checked later, because only the table knows the limit. */
function parseNote(text: string): string {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) {
    throw new InvalidArgumentError('Allowed: printable text on one line.');
  }
  return text;
}

const WHICH = `
Each word is looked up as a name; a word of digits, if there is no such name, as a process_id. If a word is unknown,
all unknown words are listed and nothing is written.`;

const HELP = `
Exit code: 0 done, 1 a process is unknown or the note is too long (nothing was written), 64 wrong arguments,
69 the database cannot be used, 77 not for this user, 78 the configuration is invalid.

Examples:
  sudo monitor_service alarm list --standing
  sudo monitor_service alarm raise httpd 17 --note 'no answer on port 80'
  sudo monitor_service alarm clear --all`;
