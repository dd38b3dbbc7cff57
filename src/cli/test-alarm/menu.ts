import type { AlarmAdmin } from '../../db/tables/alarm-admin.js';
import { MonitorError } from '../../domain/errors.js';
import { type ChangeRequest, planClear, planRaise } from '../../service/admin/plan-alarm-change.js';
import { formatAlarmList, formatChanges } from '../alarm/format-alarm-list.js';
import { formatFailure } from '../shared/run-and-report.js';
import { type Cell, formatTable } from '../shared/terminal.js';
import type { Dialogue } from './dialogue.js';

interface MenuOptions {
  readonly admin: AlarmAdmin;
  readonly dialogue: Dialogue;
  /** Names that the configuration excludes. */
  readonly exclude: readonly string[];
}

/**
 * Shows the menu and carries out the choices until the user quits or the input ends. A failure is shown, and the menu
 * comes again.
 */
export async function runMenu(options: MenuOptions): Promise<void> {
  const { dialogue } = options;
  for (;;) {
    const answer = await dialogue.ask(`\n${MENU}\nYour choice: `);
    if (answer === undefined || LEAVE.has(answer.toLowerCase())) return;
    const choice = CHOICES.get(answer);
    if (choice) await tellFailure(dialogue, () => choice(options));
    else dialogue.say(`Please type a number from 1 to 5, not ${JSON.stringify(answer)}.`);
  }
}

const MENU = `  1  Show all processes and their alarms
  2  Put one process in alarm
  3  Put all processes in alarm
  4  Clear all alarms
  5  Leave`;

const LEAVE: ReadonlySet<string> = new Set(['5', 'q', 'quit', 'exit', 'leave']);

type Choice = (options: MenuOptions) => Promise<void>;

const CHOICES: ReadonlyMap<string, Choice> = new Map<string, Choice>([
  ['1', show],
  ['2', raiseOne],
  ['3', raiseAll],
  ['4', clearAll],
]);

const ALL: ChangeRequest = { names: 'all' };

async function show({ admin, dialogue, exclude }: MenuOptions): Promise<void> {
  const rows = await admin.list();
  if (rows.length === 0) dialogue.say('PROCESE has no process.');
  else dialogue.sayPainted(formatAlarmList(rows, exclude, dialogue.paint));
}

/** Asks for a process_id or name, again and again until there is such a process or the answer is empty. */
async function raiseOne(options: MenuOptions): Promise<void> {
  const { admin, dialogue } = options;
  await show(options);
  for (;;) {
    const word = await dialogue.ask('Which one, by its id or name (nothing: back to the menu): ');
    if (word === undefined || word === '') return;
    const isDone = await tellFailure(dialogue, () =>
      change(dialogue, () => admin.change((rows, notes) => planRaise({ names: [word] }, rows, notes))),
    );
    if (isDone) return;
  }
}

async function raiseAll({ admin, dialogue }: MenuOptions): Promise<void> {
  if (dialogue.isAtTerminal) {
    const answer = await dialogue.ask('The service will restart every process. Go on (y/n)? ');
    if (!/^y(es)?$/i.test(answer ?? '')) return;
  }
  await change(dialogue, () => admin.change((rows, notes) => planRaise(ALL, rows, notes)));
}

function clearAll({ admin, dialogue }: MenuOptions): Promise<void> {
  return change(dialogue, () => admin.change((rows, notes) => planClear(ALL, rows, notes)));
}

async function change(
  dialogue: Dialogue,
  write: () => Promise<{ readonly changes: Parameters<typeof formatChanges>[0] }>,
): Promise<void> {
  const { changes } = await write();
  if (changes.length === 0) dialogue.say('Nothing to do.');
  else dialogue.sayPainted(formatTable(formatChanges(changes), dialogue.paint));
}

/** Shows a failure of `work`. Resolves to whether it succeeded. */
async function tellFailure(dialogue: Dialogue, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    dialogue.say(...formatFailure(error.message, error.remedy).split('\n').map(inRed));
    return false;
  }
}

function inRed(text: string): Cell {
  return { text, colour: 'red' };
}
