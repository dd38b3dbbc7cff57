import { existsSync } from 'node:fs';
import type { CycleRecord } from '../../domain/cycle/cycle-record.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import { formatHistoryLine } from '../../state/history-line.js';
import { readHistory } from '../../state/read-history.js';
import { writeOut } from '../shared/output.js';
import { readConfig } from '../shared/read-config.js';
import { runAndReport } from '../shared/run-and-report.js';
import { createPaint, wantsColour } from '../shared/terminal.js';
import { formatHistory } from './format-history.js';

export interface HistoryOptions {
  readonly config: string;
  readonly json?: true;
  /** Only cycles since then, ms since the epoch. */
  readonly since?: number;
  /** At most this many cycles, the last ones. */
  readonly limit?: number;
}

/** The limit for people. A script gets all records. */
const LIMIT_FOR_PEOPLE = 50;

/**
 * `history`: prints past cycles, of one process (by name or process_id) or of all; the latest comes last. Resolves to
 * the exit code.
 */
export function showHistory(name: string | undefined, options: HistoryOptions): Promise<number> {
  const { config, json, since = 0, limit } = options;
  return runAndReport(json === true, async () => {
    const file = readConfig(config).monitor.historyFile;
    const isMeant = ({ processName, processId, seenAt }: CycleRecord): boolean =>
      seenAt >= since && (name === undefined || processName === name || String(processId) === name);
    if (json && limit === undefined) {
      for await (const record of readHistory(file)) {
        if (isMeant(record)) await writeOut(formatHistoryLine(record));
      }
      return 0;
    }
    const { kept, left } = await keepLast(readHistory(file), isMeant, limit ?? LIMIT_FOR_PEOPLE);
    if (json) await writeOut(kept.map(formatHistoryLine).join(''));
    else if (kept.length === 0) await writeOut(`${describeNone(file, name)}\n`);
    else await writeOut(describe(kept, left));
    return 0;
  });
}

function describeNone(file: string, name: string | undefined): string {
  if (!existsSync(file))
    return `nothing is recorded yet: ${file} does not exist; has the service run with this configuration?`;
  return name === undefined
    ? `no such cycle is recorded in ${file}`
    : `no such cycle of ${escapeControlCharacters(name)} is recorded in ${file}; monitor_service alarm list shows the names`;
}

function describe(kept: readonly CycleRecord[], left: number): string {
  const paint = createPaint(wantsColour(process.stdout));
  const earlier = left === 0 ? [] : [paint({ text: `${left} earlier ones: --limit`, colour: 'dim' })];
  return `${[...earlier, ...formatHistory(kept, paint)].join('\n')}\n`;
}

/** Keeps the last `limit` items that are wanted, in their order, and counts those that were left out before them. */
export async function keepLast<T>(
  all: AsyncIterable<T>,
  isMeant: (item: T) => boolean,
  limit: number,
): Promise<{ readonly kept: readonly T[]; readonly left: number }> {
  let kept: T[] = [];
  let count = 0;
  for await (const item of all) {
    if (!isMeant(item)) continue;
    count += 1;
    kept.push(item);
    // Removed in blocks: each removal at the front would move all the others.
    if (kept.length >= 2 * limit) kept = kept.slice(-limit);
  }
  kept = kept.slice(-limit);
  return { kept, left: count - kept.length };
}
