import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Workspace } from '../../support/restart/workspace.js';

/** One run of a restart or health check command, as the command itself recorded it. */
export interface Run {
  readonly what: 'restart' | 'check';
  readonly name: string;
  readonly pid: number;
  /** Ms since the epoch. */
  readonly begin: number;
  /** Absent where it has not ended, or nobody knows when. */
  readonly end?: number;
  /** Absent where it was killed. */
  readonly exitCode?: number;
}

/** What a command does when it is called next: how long it takes, and how it ends. */
export interface Manner {
  readonly seconds: number;
  readonly exitCode: number;
}

/** Processes that exist only as commands, which record when they ran and behave as the lab wants. */
export interface RecordedFleet {
  readonly commands: { readonly restart_command: string; readonly health_check_command: string };
  /** How this process behaves from now on; undefined: quick and well. */
  setManner(what: Run['what'], name: string, manner: Manner | undefined): Promise<void>;
  /** What was found dead has ended: a record that it could not write itself. */
  noteKilled(pid: number): Promise<void>;
  runs(): Promise<readonly Run[]>;
}

/**
 * Records are appended by a single short write each, so that their order is the order of what happened. The commands know
 * the workspace as `knownAs`.
 */
export async function createRecordedFleet(
  workspace: Workspace,
  knownAs = workspace.directory,
): Promise<RecordedFleet> {
  const records = workspace.path('records');
  await writeFile(records, '');
  const scriptFor = async (what: Run['what']): Promise<string> => {
    await workspace.script(what, [
      `note() { date "+$1 ${what} $name $$ %s.%N $2" >> ${knownAs}/records; }`,
      'name=$1',
      'note begin',
      // The sleep dies of the same signal, and is no part of what is recorded.
      "trap 'note end killed; exit 143' TERM",
      `if [ -e ${knownAs}/$name.${what} ]; then`,
      `  read -r seconds code < ${knownAs}/$name.${what}`,
      '  sleep "$seconds"',
      'else code=0; fi',
      'note end "$code"',
      'exit "$code"',
    ]);
    return `${knownAs}/${what}`;
  };
  const commands = {
    restart_command: `${await scriptFor('restart')} %s`,
    health_check_command: `${await scriptFor('check')} %s`,
  };
  return {
    commands,
    async setManner(what, name, manner) {
      const file = workspace.path(`${name}.${what}`);
      if (!manner) await rm(file, { force: true });
      else {
        // Whole or not at all: a script may read it now.
        await writeFile(`${file}.new`, `${manner.seconds} ${manner.exitCode}\n`);
        await rename(`${file}.new`, file);
      }
    },
    noteKilled: (pid) => appendFile(records, `killed any any ${pid} ${(Date.now() / 1000).toFixed(6)} -\n`),
    runs: async () => parseRecords(await readFile(records, 'utf8')),
  };
}

function parseRecords(text: string): Run[] {
  const runs: Run[] = [];
  const open = new Map<number, number>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [kind, what, name = '', pidText, seconds, code] = line.split(' ');
    const pid = Number(pidText);
    const at = Number(seconds) * 1000;
    if (kind === 'begin' && (what === 'restart' || what === 'check')) {
      open.set(pid, runs.length);
      runs.push({ what, name, pid, begin: at });
      continue;
    }
    const index = open.get(pid);
    const run = index === undefined ? undefined : runs[index];
    // What was killed before it had recorded its begin has done nothing either.
    if (index === undefined || run === undefined) continue;
    open.delete(pid);
    runs[index] = { ...run, end: at, ...(/^\d+$/.test(code ?? '') ? { exitCode: Number(code) } : {}) };
  }
  return runs;
}
