import { toEpochMs } from '../../../lib/boot-clock.js';
import { readMatches } from '../read-journal.js';

const LIMITS = { maxLines: 20, timeoutMs: 2000 };
const MAX_LENGTH = 200;

/** A run of a unit, and when it began, in microseconds since boot. */
interface BegunRun {
  readonly unit: string;
  readonly invocationId: string;
  readonly begunAt: number;
}

/**
 * The last line that a run of a unit wrote to the journal, for a message: a daemon often says there why it gives up.
 * Empty if it wrote nothing or there is no journal.
 */
export async function lastLineOfRun({ unit, invocationId, begunAt }: BegunRun): Promise<string> {
  const ofRun = /^[0-9a-f]{32}$/.test(invocationId)
    ? await readLines(`_SYSTEMD_INVOCATION_ID=${invocationId}`)
    : [];
  // If a process ended at once, the journal may know its unit but not its run.
  const isKnown = ofRun.some(isText) || begunAt === 0;
  const lines = isKnown ? ofRun : await readLines(since(toEpochMs(begunAt)), `_SYSTEMD_UNIT=${unit}`);
  const line = lines.findLast(isText) ?? '';
  const text = line.replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH);
  // systemd names the unit itself, as the message does.
  return text.startsWith(`${unit}: `) ? text.slice(unit.length + 2) : text;
}

/** Leaves out lines such as the bracket that ends a dump. */
function isText(line: string): boolean {
  return /\p{L}{2}/u.test(line);
}

function since(epochMs: number): string {
  return `--since=@${(epochMs / 1000).toFixed(3)}`;
}

/**
 * The condition of a unit that was not met since `sinceMs`, ms since the epoch, from systemd's own line in the journal:
 * systemd forgets the result at once if nothing refers to the unit. Empty if there is no such line.
 */
export async function unmetConditionOf(unit: string, sinceMs: number): Promise<string> {
  const lines = await readLines(since(sinceMs), `UNIT=${unit}`, '_PID=1');
  const line = lines.findLast((text) => /condition check/i.test(text));
  if (line === undefined) return '';
  // systemd 257 writes it without parentheses.
  const [, inParentheses, bare] = /unmet condition check (?:\((.+)\)|(\S.*))/.exec(line) ?? [];
  return inParentheses ?? bare ?? 'a Condition… of it';
}

async function readLines(...matches: readonly string[]): Promise<readonly string[]> {
  return (await readMatches(matches, LIMITS)).split('\n');
}
