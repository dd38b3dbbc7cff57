import { readFile, rm, writeFile } from 'node:fs/promises';
import { waitFor } from '../restart/wait-for.js';
import type { Workspace } from '../restart/workspace.js';

/** One line of the journal. Its lines are appended whole, so that their order is the order of what happened. */
export interface JournalEntry {
  readonly what: 'begin' | 'end' | 'check';
  readonly name: string;
  readonly pid: number;
}

/**
 * Processes that exist as files only: their restart and their health check are scripts that write down what is done,
 * and behave as the test wants. A restart under way is one with `begin` and without `end`.
 */
export interface Fleet {
  /** For `[process.default]`, or for a section of its own. */
  readonly commands: { readonly restart_command: string; readonly health_check_command: string };
  /** Restarts of this process last until `release`. */
  hold(name: string): Promise<void>;
  release(name: string): Promise<void>;
  /** Restarts of this process fail with exit code 3 until `repair`. */
  breakRestart(name: string): Promise<void>;
  repair(name: string): Promise<void>;
  /** Exit codes of its next health checks; 0 when they are used up. A busy service may repeat one that fails. */
  planChecks(name: string, exitCodes: readonly number[]): Promise<void>;
  /** Its health checks fail with this exit code, after those that are planned, until a restart begins that is not broken. */
  fallIll(name: string, exitCode: number): Promise<void>;
  journal(): Promise<readonly JournalEntry[]>;
  /** How many restarts of it were begun. */
  restarts(name: string): Promise<number>;
  /** Waits until a restart of it has begun, as number `count`. */
  begun(name: string, count?: number): Promise<JournalEntry>;
}

export async function createFleet(workspace: Workspace): Promise<Fleet> {
  const journalFile = workspace.path('journal');
  await writeFile(journalFile, '');
  const file = (name: string, what: string) => workspace.path(`${name}.${what}`);
  const files = `${workspace.directory}/$1`;
  const note = (what: string) => `echo "${what} $1 $$" >> ${journalFile}`;
  const restart = await workspace.script('restart', [
    note('begin'),
    `[ -e ${files}.broken ] || rm -f ${files}.ill`,
    `while [ -e ${files}.hold ]; do sleep 0.02; done`,
    note('end'),
    `[ ! -e ${files}.broken ] || { echo "no such queue" >&2; exit 3; }`,
  ]);
  const check = await workspace.script('check', [
    note('check'),
    `{ read -r code < ${files}.verdicts || read -r code < ${files}.ill; } 2>/dev/null || exit 0`,
    `[ ! -s ${files}.verdicts ] || sed -i 1d ${files}.verdicts`,
    // Shown in the log.
    'echo "the plan says $code"',
    'exit "$code"',
  ]);
  const journal = async (): Promise<JournalEntry[]> => parse(await readFile(journalFile, 'utf8'));
  const begins = async (name: string) =>
    (await journal()).filter((entry) => entry.what === 'begin' && entry.name === name);

  return {
    commands: { restart_command: `${restart} %s`, health_check_command: `${check} %s 2>&1` },
    hold: (name) => writeFile(file(name, 'hold'), ''),
    release: (name) => rm(file(name, 'hold')),
    breakRestart: (name) => writeFile(file(name, 'broken'), ''),
    repair: (name) => rm(file(name, 'broken')),
    planChecks: (name, exitCodes) =>
      writeFile(file(name, 'verdicts'), exitCodes.map((c) => `${c}\n`).join('')),
    fallIll: (name, exitCode) => writeFile(file(name, 'ill'), `${exitCode}\n`),
    journal,
    restarts: async (name) => (await begins(name)).length,
    async begun(name, count = 1) {
      await waitFor(`restart ${count} of ${name}`, async () => (await begins(name)).length >= count);
      const entry = (await begins(name))[count - 1];
      if (!entry) throw new Error(`the journal lost restart ${count} of ${name}`);
      return entry;
    },
  };
}

/** The greatest number of restarts that were under way at one time. */
export function mostAtOnce(journal: readonly JournalEntry[], names?: readonly string[]): number {
  const running = new Set<number>();
  let most = 0;
  for (const { what, name, pid } of journal) {
    if (names && !names.includes(name)) continue;
    if (what === 'begin') running.add(pid);
    if (what === 'end') running.delete(pid);
    most = Math.max(most, running.size);
  }
  return most;
}

function parse(text: string): JournalEntry[] {
  return (
    text
      .split('\n')
      // The last line is empty, or is being written.
      .slice(0, -1)
      .map((line) => {
        const [what = '', name = '', pid = ''] = line.split(' ');
        if (what !== 'begin' && what !== 'end' && what !== 'check') {
          throw new Error(`the journal has a line that nobody writes: ${line}`);
        }
        return { what, name, pid: Number(pid) };
      })
  );
}
