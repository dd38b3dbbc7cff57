import { runProgram } from './systemctl/run-program.js';

const TIMEOUT_MS = 5000;
const MAX_LINES = 40;
const MAX_LENGTH = 4096;
/** A daemon writes what it likes: systemd takes messages of hundreds of megabytes, and 40 of them are read. */
const TAIL_BYTES = 65_536;

/**
 * The last output of a unit in the journal, without the lines of systemd itself. Empty without a journal, because it
 * is only for a message.
 */
export async function readJournal(unit: string): Promise<string> {
  const limits = { maxLines: MAX_LINES, timeoutMs: TIMEOUT_MS };
  return (await readMatches([`_SYSTEMD_UNIT=${unit}`], limits)).slice(-MAX_LENGTH);
}

interface JournalLimits {
  readonly maxLines: number;
  /** For each of the two programs that are run, ms. */
  readonly timeoutMs: number;
}

/**
 * The last lines of the journal that match, as text, cut at the front to 64 KiB. Empty if there is no journal or it gives
 * no answer.
 */
export async function readMatches(
  matches: readonly string[],
  { maxLines, timeoutMs }: JournalLimits,
): Promise<string> {
  try {
    // The journal daemon may not have received everything yet.
    await runProgram('journalctl', ['--sync'], { timeoutMs });
    const options = ['--quiet', '--no-pager', '--output=cat', `--lines=${maxLines}`];
    const limits = { timeoutMs, tailBytes: TAIL_BYTES };
    return (await runProgram('journalctl', [...options, ...matches], limits)).stdout;
  } catch {
    return '';
  }
}
