import { runProgram } from '../systemctl/run-program.js';

const TIMEOUT_MS = 2000;
const MAX_LINES = 20;
const MAX_LENGTH = 200;

/**
 * The last line that a run of a unit wrote to the journal, for a message: a daemon often says there why it gives up.
 * Empty if it wrote nothing or there is no journal.
 */
export async function lastLineOfRun(invocationId: string): Promise<string> {
  if (!/^[0-9a-f]{32}$/.test(invocationId)) return '';
  const lines = await readLines(`_SYSTEMD_INVOCATION_ID=${invocationId}`);
  // Skips lines such as the bracket that ends a dump.
  const line = lines.findLast((text) => /\p{L}{2}/u.test(text)) ?? '';
  return line.replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH);
}

/**
 * The condition of a unit that was not met since `since` (ms since the epoch), in the words of systemd in the
 * journal. systemd itself forgets the result at once if nothing refers to the unit. Empty if the journal does not
 * say.
 */
export async function unmetConditionOf(unit: string, since: number): Promise<string> {
  const lines = await readLines(`--since=@${Math.floor(since / 1000)}`, `UNIT=${unit}`, '_PID=1');
  const line = lines.findLast((text) => /condition check/i.test(text));
  if (line === undefined) return '';
  return /unmet condition check \((.+)\)/.exec(line)?.[1] ?? 'a Condition… of it';
}

/** The last lines that match. Empty if there is no journal or it does not answer. */
async function readLines(...matches: readonly string[]): Promise<readonly string[]> {
  const wait = { timeoutMs: TIMEOUT_MS };
  try {
    // The journal daemon may not have received everything yet.
    await runProgram('journalctl', ['--sync'], wait);
    const options = ['--quiet', '--no-pager', '--output=cat', `--lines=${MAX_LINES}`];
    const { stdout } = await runProgram('journalctl', [...options, ...matches], wait);
    return stdout.split('\n');
  } catch {
    return [];
  }
}
