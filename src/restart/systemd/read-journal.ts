import { runProgram } from './systemctl/run-program.js';

const TIMEOUT_MS = 5000;
const MAX_LINES = 40;
const MAX_LENGTH = 4096;

/**
 * The last output of a unit in the journal, without the lines of systemd itself. Empty without a journal, because it
 * is only for a message.
 */
export async function readJournal(unit: string): Promise<string> {
  const wait = { timeoutMs: TIMEOUT_MS };
  try {
    // The journal daemon may not have received everything yet.
    await runProgram('journalctl', ['--sync'], wait);
    const options = ['--quiet', '--no-pager', '--output=cat', `--lines=${MAX_LINES}`];
    const { stdout } = await runProgram('journalctl', [...options, `_SYSTEMD_UNIT=${unit}`], wait);
    return stdout.slice(-MAX_LENGTH);
  } catch {
    return '';
  }
}
