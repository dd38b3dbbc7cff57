import { readFile } from 'node:fs/promises';

/** What a line of the history tells, as far as the benches ask. */
interface HistoryRecord {
  readonly process: string;
  readonly verdict: string;
  readonly reaction_ms?: number;
}

/** The cycles that the service has recorded, the oldest first. */
export async function readRecords(historyFile: string): Promise<readonly HistoryRecord[]> {
  const lines = (await readFile(historyFile, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line): HistoryRecord => JSON.parse(line));
}
